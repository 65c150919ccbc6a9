using System.Diagnostics;
using MonoRepo.Todo.Client;
using MonoRepo.Todo.V1;

namespace MonoRepo.Tests;

public sealed class CommandLineTests(RedisServerTodo todo)
{
    private readonly string _list = TodoFixture.NewList().Split('/')[^1];

    [Fact]
    public async Task AnItemIsAddedShownDoneAndRemoved()
    {
        Assert.Matches("^added +milk  buy milk *\n$", await OkAsync(
            "add", "buy", "milk", "--id", "milk", "--due", "2027-01-02", "--notes", "two litres"));
        Assert.Contains("buy milk", await OkAsync("list"), StringComparison.Ordinal);
        Assert.Contains("two litres", await OkAsync("show", "milk"), StringComparison.Ordinal);
        Assert.StartsWith(
            "updated", await OkAsync("edit", "milk", "--title", "buy oat milk", "--due", "none"), StringComparison.Ordinal);
        Assert.StartsWith("completed", await OkAsync("done", "milk"), StringComparison.Ordinal);
        Assert.Equal("Nothing to do.\n", await OkAsync("list"));
        Assert.Contains("✓ milk buy oat milk", await OkAsync("list", "--state", "all"), StringComparison.Ordinal);
        Assert.StartsWith("removed", await OkAsync("rm", "milk"), StringComparison.Ordinal);
        Assert.Equal("Nothing to do.\n", await OkAsync("list", "--state", "all"));
    }

    [Fact]
    public async Task JsonIsOneObjectALine()
    {
        await OkAsync("add", "one");
        await OkAsync("add", "two");

        var items = (await OkAsync("list", "--json")).TrimEnd().Split('\n').Select(Item.Parser.ParseJson);

        Assert.Equal(["one", "two"], items.Select(item => item.Title));
    }

    [Theory]
    [InlineData(2, "Unrecognized command", "lst")]
    [InlineData(2, "nothing to change", "edit", "x")]
    [InlineData(2, "--due 'someday' is neither", "add", "x", "--due", "someday")]
    [InlineData(2, "item_id '-x-'", "add", "x", "--id", "-x-")]
    [InlineData(1, "does not exist", "show", "nothing")]
    [InlineData(2, "is not an address", "list", "--server", "nowhere")]
    [InlineData(2, "has a line break", "list", "--service-token", "Using launch settings\neyJ")]
    [InlineData(1, "cannot be reached", "list", "--server", "http://127.0.0.1:1")]
    public async Task AFaultIsOneLineAndACode(int code, string message, params string[] args)
    {
        var (exit, output, error) = await RunAsync(args);

        Assert.Equal(code, exit);
        Assert.Empty(output);
        Assert.Contains(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task HelpNamesTheVariablesOfTokens_AndNotTheirValues()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(GlobalOptions).Assembly.Location, "--help"]);
        (start.Environment["Access__Token"], start.Environment["TODO_TOKEN"]) = ("secret-1", "secret-2");

        var run = await ProgramRun.RunAsync(start, TestContext.Current.CancellationToken);

        run.Succeeded();
        Assert.Contains("Default: $TODO_TOKEN.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root", "root")]
    [InlineData("Ann.Smith", "ann-smith")]
    [InlineData("42", "u-42")]
    public void AUsersNameBecomesAnOwner(string user, string owner) => Assert.Equal(owner, GlobalOptions.Label(user));

    private async Task<string> OkAsync(params string[] args)
    {
        var (exit, output, error) = await RunAsync(args);
        Assert.Equal("", error);
        Assert.Equal(ExitCode.Done, exit);
        return output;
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(string[] args)
    {
        string[] server = args.Contains("--server") ? [] : ["--server", todo.Address.ToString()];
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await TodoCommandLine.RunAsync([.. args, "--list", _list, .. server], output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
