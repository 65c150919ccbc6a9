using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>What users see: the AppHost as a process.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task AllFaultsOfAGraphArePrintedWithoutAStackTrace()
    {
        var run = await RunAsync("--Test:Fault=graph");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            [
                "The graph has 2 faults:",
                "- Resources wait for each other and none of them can start: 'one' -> 'two' -> 'one'. Take one of these waits away.",
                "- Endpoints 'http' of 'one' and 'http' of 'two' use the same port 5000. Give each a port of its own, or leave the port out to get a free one.",
            ],
            run.Error);
    }

    [Theory]
    [InlineData("--Test:Fault=name", 1, "Resource name 'two--three' is invalid. Name cannot contain consecutive hyphens.")]
    [InlineData("--Test:Fault=start", 1, "It cannot start. Try tomorrow.")]
    [InlineData("--redis=mysql", 2, "'mysql' is not a value of --redis. Use one of: garnet, container.")]
    [InlineData("--operation=walk", 2, "Invalid operation specified. Valid operations are 'publish' or 'run'.")]
    public async Task AFaultIsOneLine(string argument, int exitCode, string line)
    {
        var run = await RunAsync(argument);
        Assert.Equal((exitCode, line), (run.ExitCode, Assert.Single(run.Error)));
    }

    [Theory]
    [InlineData("run", "--nonsense")]
    [InlineData("nonsense")]
    public async Task WhatNobodyKnowsIsBadUsage(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal([$"Unrecognized command or argument '{arguments[^1]}'.", "Use --help to see what there is."], run.Error);
    }

    [Fact]
    public async Task HelpNamesVerbsAndSwitches()
    {
        var run = await RunAsync("--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(run.Output, l => l.Contains("--redis <garnet|container>") && l.Contains("Which Redis server runs."));
        Assert.Contains(run.Output, l => l.Contains("--reset") && l.Contains("Forgets the data of the last run."));
        Assert.Contains(run.Output, l => l.TrimStart().StartsWith("run ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABugKeepsItsStackTrace()
    {
        var run = await RunAsync("--Test:Fault=bug");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(run.Error, l => l.Contains("System.InvalidOperationException: a bug"));
        Assert.Contains(run.Error, l => l.Contains("Program"));
    }

    private static async Task<(int ExitCode, string[] Output, string[] Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "TestAppHost.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, Lines(await output), Lines(await error));

        static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
