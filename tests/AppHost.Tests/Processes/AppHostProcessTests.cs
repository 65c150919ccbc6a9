using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MonoRepo.Tests;

/// <summary>What a run leaves on a machine, who can reach it, and the stock aspire command on it.</summary>
public sealed class AppHostProcessTests(AppHostProcess run) : IClassFixture<AppHostProcess>
{
    private const string Main = "AppHost/AppHost.csproj";
    private const string Small = "tests/SmallAppHost/SmallAppHost.csproj";

    /// <summary>One test, since what is killed answers no more.</summary>
    [SlowFact]
    public async Task AspireCommand_OnTwoAppHosts_Works_AndTheOneKilled_LeavesNoProcess()
    {
        ProcessFamily.SkipUnlessReadable();

        if (await AspireCommand.RestoreAsync() is { } missing)
        {
            TestContext.Current.AddWarning(missing);
        }
        else
        {
            await UseAspireAsync();
        }

        Assert.Empty(await run.KillAsync());
    }

    [Fact]
    public void AppHost_Running_ListensOnLoopbackOnly()
    {
        ProcessFamily.SkipUnlessReadable();

        Assert.Contains(run.Listeners, l => l.Program.Contains("Aspire.Dashboard", StringComparison.Ordinal));
        Assert.Contains(run.Listeners, l => l.Program.Contains("Todo.Server", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Listeners, l => !l.IsLoopback);
    }

    /// <summary>
    /// ASP.NET's development certificates are kept in x509stores. The one that DCP's own API has is in no store; Aspire puts a
    /// copy of it where it would put a development certificate's.
    /// </summary>
    [Fact]
    public void AppHost_Running_MakesNoDevelopmentCertificate()
    {
        ProcessFamily.SkipUnlessReadable();

        Assert.DoesNotContain(run.HomeFiles, file => file.Contains("x509stores", StringComparison.Ordinal));
        Assert.Contains(Path.Combine(".aspire", "monorepo-dcp.pem"), run.HomeFiles);
        Assert.True(run.HomeFiles.Count(file => file.EndsWith(".crt", StringComparison.Ordinal)) <= 1);
    }

    /// <summary>An open dashboard calls the AppHost all the time; nobody who reads the console has asked for that.</summary>
    [Fact]
    public void AppHost_DashboardOpen_ConsoleHasTheLinkAndTheTable()
    {
        ProcessFamily.SkipUnlessReadable();

        var lines = run.Lines.Where(line => line.Length > 0 && !line.Contains(" still waits for ", StringComparison.Ordinal));

        // The cells of the table stand two spaces apart.
        var others = string.Join('\n', lines.Where(line => !line.Contains("  ", StringComparison.Ordinal)));
        Assert.True(Regex.IsMatch(others, $"^{AppHostProcess.Login}\\S+$"), others);
    }

    private async Task UseAspireAsync()
    {
        var aspire = run.Aspire;
        var started = await aspire.GetJsonAsync("start", "--apphost", Small, "--no-build", "--isolated");
        Assert.Matches("^http://localhost:[0-9]+/login[?]t=[0-9a-f]+$", Text(started["dashboardUrl"]));

        var running = (await aspire.GetJsonAsync("ps")).AsArray().Where(host => Text(host!["status"]) == "running")
            .Select(host => Text(host!["appHostPath"])).ToList();
        Assert.Contains(Repository.PathOf(Main), running);
        Assert.Contains(Repository.PathOf(Small), running);

        (await aspire.RunAsync("wait", "server", "--apphost", Small, "--timeout", "180")).Succeeded();
        (await aspire.RunAsync("wait", "routeguide-client", "--apphost", Main, "--timeout", "180")).Succeeded();

        var resources = await aspire.GetJsonAsync("describe", "--apphost", Main);
        var names = resources["resources"]!.AsArray().Select(resource => Text(resource!["name"])).ToList();
        Assert.Equal(2, names.Count(name => name.StartsWith("routeguide-server-", StringComparison.Ordinal)));
        Assert.Contains("redis", names);

        var logs = (await aspire.RunAsync("logs", "server", "--apphost", Small)).Succeeded();
        Assert.Contains("Now listening on", logs, StringComparison.Ordinal);
        var followed = await aspire.RunUntilAsync("Now listening on", "logs", "server", "--follow", "--apphost", Small);
        Assert.Contains("Now listening on", followed, StringComparison.Ordinal);

        var spans = await aspire.GetJsonAsync("otel", "spans", "--apphost", Main);
        Assert.Contains("routeguide", spans.ToJsonString(), StringComparison.Ordinal);
        (await aspire.RunAsync("stop", "--apphost", Small)).Succeeded();

        (await aspire.RunAsync("resource", "todo-server", "stop", "--apphost", Main)).Succeeded();
        (await aspire.RunAsync("wait", "todo-server", "--status", "down", "--apphost", Main)).Succeeded();
        (await aspire.RunAsync("resource", "todo-server", "start", "--apphost", Main)).Succeeded();
        (await aspire.RunAsync("wait", "todo-server", "--apphost", Main)).Succeeded();
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
