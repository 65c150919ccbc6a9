using MonoRepo.Deploy.Logs;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class LogTests
{
    [Fact]
    public async Task LinesOfAllReplicasAreInTheOrderOfTime()
    {
        var kubectl = new LogKubectl([Pod("a"), Pod("b")]).With("a", Line(1, "one"), Line(4, "four")).With("b", Line(2, "two"), Line(3, "three"));
        var reader = new LogReader(kubectl);
        var lines = await reader.ReadAsync(await reader.SourcesAsync("", Token), new(7, null), Token).ToListAsync(Token);
        Assert.Equal(["a one", "b two", "b three", "a four"], lines.Select(l => $"{l.Source.Prefix} {l.Text}"));
        Assert.All(kubectl.Asked, a => Assert.Equal((7, false), (a.Tail!.Value, a.Follow)));
    }

    [Fact]
    public async Task PodsThatComeLaterAndContainersThatRestartAreFollowedFromTheirStart()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var kubectl = new LogKubectl([Pod("a")]).With("a", Line(1, "old")).With("b", Line(2, "new pod"));
        var lines = new LogFollower(kubectl, TimeProvider.System).FollowAsync("", new(7, null), end.Token).GetAsyncEnumerator(Token);
        Assert.Equal("old", await NextAsync(lines));
        kubectl.Changes.Writer.TryWrite(new("ADDED", Pod("b")));
        Assert.Equal("new pod", await NextAsync(lines));
        kubectl.With("a", Line(3, "after the restart"));
        kubectl.Changes.Writer.TryWrite(new("MODIFIED", Pod("a", run: 2)));
        Assert.Equal("after the restart", await NextAsync(lines));
        Assert.Equal([7, null], kubectl.Asked.DistinctBy(a => a.Pod).Select(a => a.Tail));
        await end.CancelAsync();
        Assert.False(await lines.MoveNextAsync());
    }

    [Fact]
    public async Task ABrokenConnectionGoesOnWithoutRepeating()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var kubectl = new LogKubectl([Pod("a")]).With("a", Line(1, "one"), Line(2, "two")).With("a", Line(2, "two"), Line(3, "three"));
        var lines = new LogFollower(kubectl, TimeProvider.System).FollowAsync("", LogSelection.All, end.Token).GetAsyncEnumerator(Token);
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
        $"{{kind: Pod, metadata: {{name: {name}}}, status: {{containerStatuses: [{{name: main, containerID: {name}{run}, state: {{running: {{startedAt: now}}}}}}]}}}}")[0];
}
