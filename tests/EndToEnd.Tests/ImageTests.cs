using System.Diagnostics;

namespace MonoRepo.Tests;

/// <summary>Images on a real registry and a real cluster.</summary>
public sealed class ImageTests
{
    private const string Graph = "tests/DeployedAppHost";

    [Fact]
    public async Task AOneLineChangeReachesAReadyPod()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        using var project = new ChangingProject();
        Write(project, "one");
        (await environment.RunAsync(["apply", .. project.Arguments])).Succeeded();
        await AnswersAsync(environment, "version one");

        Write(project, "two");
        var started = Stopwatch.GetTimestamp();
        var changed = (await environment.RunAsync(["apply", .. project.Arguments])).Succeeded();
        var pushed = Stopwatch.GetElapsedTime(started);
        await AnswersAsync(environment, "version two");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"one-line change: apply {pushed.TotalSeconds:F1} s, in a ready pod after " +
            $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.Contains("changing: pushed sha256:", changed, StringComparison.Ordinal);

        started = Stopwatch.GetTimestamp();
        var again = (await environment.RunAsync(["apply", .. project.Arguments])).Succeeded();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"no change: apply {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.Contains("changing: unchanged sha256:", again, StringComparison.Ordinal);
        Assert.Contains(" 0 created, 0 changed, 0 deleted, ", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnImageThatCannotBePulledIsNamedInOneLine()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        var image = $"{Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY")}/no-such-image";

        var run = await environment.RunAsync("apply", "--timeout", "60", "--Test:Services=", "--Test:Image", image);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains((run.Output + run.Error).Split('\n'), line => line.Contains($"{image}:1", StringComparison.Ordinal)
            && line.Contains("not found", StringComparison.OrdinalIgnoreCase));
    }

    private static void Write(ChangingProject project, string version) =>
        project.Write($"Console.WriteLine(\"version {version}\");\nThread.Sleep(Timeout.Infinite);\n");

    private static async Task AnswersAsync(PersonalEnvironment environment, string line)
    {
        await environment.ReadyAsync();
        await PersonalEnvironment.UntilAsync(async () =>
            (await environment.LogAsync("changing")).Contains(line, StringComparison.Ordinal), $"the log says '{line}'");
    }
}
