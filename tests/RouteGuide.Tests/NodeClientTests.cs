using System.Text.Json;

namespace MonoRepo.Tests;

/// <summary>A client that shares no line with ours: Node's grpc-js.</summary>
public sealed class NodeClientTests(GarnetStack stack) : IClassFixture<GarnetStack>
{
    private static readonly string s_folder = Repository.PathOf("tests", "RouteGuide.Tests", "node");

    [Fact]
    public async Task AStockClientIsAnsweredByAllFourMethods()
    {
        await InstallAsync();

        var (exit, output) = await RunAsync(
            "node", "client.mjs", stack.Servers[1].Grpc.Authority, $"{Random.Shared.Next(1_000_000)}");

        Assert.True(exit == 0, output);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Contains(
            "Berkshire Valley", answer.GetProperty("feature").GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(-746188906, answer.GetProperty("feature").GetProperty("location").GetProperty("longitude").GetInt32());
        Assert.Equal("", answer.GetProperty("nothing").GetProperty("name").GetString());
        Assert.True(answer.GetProperty("list").GetInt32() > 90);
        Assert.Equal(3, answer.GetProperty("summary").GetProperty("pointCount").GetInt32());
        Assert.Equal(2, answer.GetProperty("summary").GetProperty("featureCount").GetInt32());
        Assert.True(answer.GetProperty("summary").GetProperty("distance").GetInt32() > 16_000_000);
        Assert.Equal(["one", "one", "two"], answer.GetProperty("notes").EnumerateArray()
            .Select(note => note.GetProperty("message").GetString()));
        Assert.Equal(3, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains("2000000000", answer.GetProperty("error").GetProperty("details").GetString(), StringComparison.Ordinal);
    }

    // npm writes the inner lock file last, so that it stands for a whole installation.
    private static async Task InstallAsync()
    {
        var installed = new FileInfo(Path.Combine(s_folder, "node_modules", ".package-lock.json"));
        if (installed.Exists
            && installed.LastWriteTimeUtc > File.GetLastWriteTimeUtc(Path.Combine(s_folder, "package-lock.json")))
        {
            return;
        }

        var (exit, output) = await RunAsync("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error");
        Assert.SkipUnless(exit == 0, $"npm could not install @grpc/grpc-js: {output}");
    }

    private static async Task<(int Exit, string Output)> RunAsync(string program, params string[] arguments)
    {
        Assert.SkipUnless(Tools.Exists(program), $"{program} is not installed.");
        var run = await ProgramRun.RunAsync(
            new(program, arguments) { WorkingDirectory = s_folder }, TestContext.Current.CancellationToken);
        return (run.ExitCode, run.ExitCode == 0 ? run.Output : run.Output + run.Error);
    }
}
