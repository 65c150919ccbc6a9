namespace MonoRepo.Tests;

/// <summary>What users see of the command line: the AppHost as a process.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData(
        "--Test:Graph=name", 1,
        "Resource name 'two--three' is invalid. Name cannot contain consecutive hyphens. (Program.cs, line ")]
    [InlineData(
        "--Test:Graph=twice", 1,
        "Cannot add resource of type 'Aspire.Hosting.ApplicationModel.ExecutableResource' with name 'ONE'")]
    [InlineData("--Test:Graph=start", 1, "It cannot start. Try tomorrow.")]
    [InlineData("--redis=mysql", 2, "'mysql' isn't a value of --redis. Use one of: garnet, container.")]
    [InlineData("--operation=walk", 1, "Invalid operation specified. Valid operations are 'publish', 'run', or 'inspect'.")]
    public async Task Error_ThatTheUserCanFix_IsOneLine(string argument, int exitCode, string line)
    {
        var run = await TestAppHostProcess.RunAsync(argument);

        Assert.Equal(exitCode, run.ExitCode);
        string[] hint = exitCode == 2 ? ["Use --help to see what there is."] : [];
        Assert.StartsWith(line, run.Errors[0], StringComparison.Ordinal);
        Assert.Equal(hint, run.Errors.Skip(1));
        Assert.DoesNotContain("   at ", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessThatTheGraphDoesntGrant_IsToldOfAllServicesAtOnce()
    {
        var run = await TestAppHostProcess.RunAsync("--Test:Graph=access");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            [
                "Access of 'one': 'stranger' doesn't refer to it; add WithReference to 'stranger' or remove WithAccess.",
                "Access of 'two': 'stranger' doesn't refer to it; add WithReference to 'stranger' or remove WithAccess.",
                "Access of 'two': 'not a method' isn't a method; use one such as todo.v1.TodoService/DeleteItem, or its " +
                "beginning and '*'.",
            ],
            run.Errors);
    }

    [Fact]
    public async Task Bug_KeepsItsStackTrace()
    {
        var run = await TestAppHostProcess.RunAsync("--Test:Graph=bug");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(run.Errors, line => line.Contains("System.InvalidOperationException: a bug", StringComparison.Ordinal));
        Assert.Contains(run.Errors, line => line.Contains("Program", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'nonsense'.", "Use --help to see what there is.", "nonsense")]
    [InlineData(
        "Unrecognized command or argument 'doctro'.", "Did you mean 'doctor'? Use --help to see what there is.", "doctro")]
    [InlineData(
        "Unrecognized command or argument '--wiat'.", "Did you mean '--wait'? Use --help to see what there is.", "run", "--wiat")]
    [InlineData(
        "--timeout takes a number of seconds, 1 or more.", "Use --help to see what there is.", "run", "--wait", "--timeout", "x")]
    [InlineData("--timeout takes a number of seconds, 1 or more.", "Use --help to see what there is.", "run", "--timeout=0")]
    [InlineData(
        "'tcsh' isn't a value of <shell>. Use one of: bash, zsh, fish.", "Use --help to see what there is.", "completion",
        "tcsh")]
    public async Task BadUsage_IsRefused_WithASuggestion(string error, string hint, params string[] arguments)
    {
        var run = await TestAppHostProcess.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal([error, hint], run.Errors);
    }

    [Fact]
    public async Task Version_IsTheAppHosts()
    {
        var run = await TestAppHostProcess.RunAsync("--version");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", run.Text);
    }

    [Fact]
    public async Task Help_NamesCommands_AndOptionsOfARunWhereTheyAreOfUse()
    {
        var root = await TestAppHostProcess.RunAsync("--help");
        var run = await TestAppHostProcess.RunAsync("run", "--help");

        Assert.Equal((0, 0), (root.ExitCode, run.ExitCode));
        Assert.Contains("\n  run ", root.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("--redis", root.Text, StringComparison.Ordinal);
        Assert.Matches(@"--redis <garnet\|container> +Which Redis server runs\.", run.Text);
        Assert.Matches(@"--reset +Forgets the data of the last run\.", run.Text);
        Assert.Contains("--timeout <seconds>", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task Completion_IsAScript(string shell, string check)
    {
        var run = await TestAppHostProcess.RunAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Errors);
        Assert.Contains("[suggest:", run.Text, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        folder.Write("script", run.Text);
        (await Tools.RunAsync(shell, [check, Path.Combine(folder.Path, "script")])).Succeeded();
    }

    [Fact]
    public async Task Completion_InBash_AsksTheAppHost()
    {
        var run = await TestAppHostProcess.RunAsync("completion", "bash");
        using var folder = new TemporaryFolder();
        folder.Write("script", run.Text + """
            COMP_WORDS=(testapphost doctor --out) COMP_CWORD=2
            _testapphost
            echo "${COMPREPLY[@]}"

            """);

        var asked = await Tools.RunAsync("bash", [Path.Combine(folder.Path, "script")]);

        Assert.Equal("--output", asked.Succeeded().Trim());
    }
}
