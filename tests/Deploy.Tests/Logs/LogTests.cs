using MonoRepo.Deploy.Logs;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class LogTests
{
    [Fact]
    public async Task LinesOfAllReplicasAreInTheOrderOfTime()
    {
        var cluster = new FakeCluster().With(
            Pod("a"), Pod("b")).WithLog("a", Line(1, "one"), Line(4, "four")).WithLog("b", Line(2, "two"), Line(3, "three"));
        var reader = new LogReader(cluster);
        var lines = await reader.ReadAsync(await reader.SourcesAsync("", Token), new(7, null), Token).ToListAsync(Token);
        Assert.Equal(["a one", "b two", "b three", "a four"], lines.Select(l => $"{l.Source.Prefix} {l.Text}"));
        Assert.All(cluster.AskedLogs, a => Assert.Equal((7, false), (a.Tail!.Value, a.Follow)));
    }

    [Fact]
    public async Task PodsThatComeLaterAndContainersThatRestartAreFollowedFromTheirStart()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var cluster = new FakeCluster().With(Pod("a")).WithLog("a", Line(1, "old")).WithLog("b", Line(2, "new pod"));
        var lines = new LogFollower(
            cluster, TimeProvider.System).FollowAsync("", new(7, null), end.Token).GetAsyncEnumerator(Token);
        Assert.Equal("old", await NextAsync(lines));
        cluster.With(Pod("b"));
        Assert.Equal("new pod", await NextAsync(lines));
        cluster.WithLog("a", Line(3, "after the restart"));
        cluster.With(Pod("a", run: 2));
        Assert.Equal("after the restart", await NextAsync(lines));
        Assert.Equal([7, null], cluster.AskedLogs.DistinctBy(a => a.Pod).Select(a => a.Tail));
        await end.CancelAsync();
        Assert.False(await lines.MoveNextAsync());
    }

    [Fact]
    public async Task ABrokenConnectionGoesOnWithoutRepeating()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var cluster = new FakeCluster().With(Pod("a")).WithLog(
            "a", Line(1, "one"), Line(2, "two")).WithLog("a", Line(2, "two"), Line(3, "three"));
        var lines = new LogFollower(
            cluster, TimeProvider.System).FollowAsync("", LogSelection.All, end.Token).GetAsyncEnumerator(Token);
        Assert.Equal(["one", "two", "three"], [await NextAsync(lines), await NextAsync(lines), await NextAsync(lines)]);
        await end.CancelAsync();
        Assert.False(await lines.MoveNextAsync());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<string> NextAsync(IAsyncEnumerator<LogLine> lines)
    {
        Assert.True(await lines.MoveNextAsync());
        return lines.Current.Text;
    }

    private static string Line(int second, string text) => $"2026-11-21T14:00:{second:00}.000000000Z {text}";

    private static YamlMap Pod(string name, int run = 1) => Live.Objects(
        $"{{kind: Pod, metadata: {{name: {name}}}, status: {{containerStatuses: [{{name: main, containerID: {name}{run}, " +
        $"state: {{running: {{startedAt: now}}}}}}]}}}}")[0];
}
