using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

public sealed class ActivityTests
{
    private static readonly ResourceKind s_event = new("events.k8s.io", "Event");

    private readonly FakeCluster _cluster = new FakeCluster().With(DeployObjects.Namespace);
    private readonly List<string> _warnings = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ActivityLog Log => new(_cluster, "shop", "dev");

    [Fact]
    public async Task Apply_RecordsWhatItChanged_AndNothingWhereItChangesNothing()
    {
        YamlMap[] wanted = [Deployment("web", replicas: 2), ConfigMap("web", "settings-1")];
        await ApplyAsync(Deployment("web"), wanted[1]);
        await ApplyAsync(wanted);
        await ApplyAsync(wanted);

        var entries = await Log.ReadAsync(Token);
        Assert.Equal(["apply", "apply"], entries.Select(e => e.Command));
        Assert.All(entries, e => Assert.Equal(["web"], e.Resources));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("image: main@sha256:aaaa", "main", "sha256:aaaa")]
    [InlineData("image: registry:5000/shop/main:2", "registry:5000/shop/main", "2")]
    public void ImageChange_NamesDigestOrTag(string image, string name, string after)
    {
        var wanted =
            Read($"kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: main\n        {image}\n");
        var live = Read(
            $"kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: main\n        image: {name}:1\n");

        Assert.Equal([new("web", name, "1", after)], ImageChange.Between("web", live, wanted));
        Assert.Equal([new("web", name, null, after)], ImageChange.Between("web", null, wanted));
        Assert.Empty(ImageChange.Between("web", wanted, wanted));
    }

    [Fact]
    public async Task Apply_ThatFailsHalfWay_IsRecordedAsFailed_AndOneThatIsRefusedIsNot()
    {
        _cluster.Before = call => ThrowIf(call.StartsWith("apply Deployment/web", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(Deployment("web")));
        var failed = Assert.Single(await Log.ReadAsync(Token));
        Assert.Equal((ActivityEntry.Failed, "no"), (failed.Result, failed.Note));
        Assert.Equal("ApplyFailed", Events().Single().Text("reason"));

        _cluster.Before = call => ThrowIf(call.StartsWith("dry-run", StringComparison.Ordinal));
        await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(Deployment("web")));
        Assert.Single(await Log.ReadAsync(Token));
    }

    [Fact]
    public async Task Event_IsAboutTheInventory_AndSaysWhatAndWho()
    {
        await ApplyAsync(Deployment("web"));
        await Recorder.RecordAsync(
            new(DateTimeOffset.UtcNow, "rollback", ActivityEntry.Done) { By = "jane", Seconds = 3, Note = "back to revision 1" });

        var one = Events().Single(e => e.Text("reason") == "RolledBack");
        Assert.Equal("shop-dev-inventory", one.TextAt("regarding", "name"));
        Assert.Equal(("Normal", "rollback by jane: done after 3 s; back to revision 1"), (one.Text("type"), one.Text("note")));
    }

    [Fact]
    public async Task Log_OfTwoWritersAtOnce_HasBoth()
    {
        var other = 0;
        _cluster.Before = call =>
        {
            if ((call.StartsWith("create ConfigMap", StringComparison.Ordinal)
                || call.StartsWith("replace", StringComparison.Ordinal)) && other++ is 0 or 1 or 2)
            {
                var before = _cluster.Before;
                _cluster.Before = _ => { };
                Log.AddAsync(Entry($"other {other}"), Token).GetAwaiter().GetResult();
                _cluster.Before = before;
            }
        };

        await Log.AddAsync(Entry("ours"), Token);

        Assert.Equal(["other 1", "other 2", "other 3", "ours"], (await Log.ReadAsync(Token)).Select(e => e.Note)
            .Order(StringComparer.Ordinal).OrderBy(n => n == "ours"));
    }

    [Fact]
    public async Task Log_IsBounded_AndKeepsLinesThatItDoesNotKnow()
    {
        for (var i = 0; i < ActivityLog.Kept + 5; i++)
        {
            await Log.AddAsync(Entry($"{i}"), Token);
        }

        var entries = await Log.ReadAsync(Token);
        Assert.Equal((ActivityLog.Kept, "204", "5"), (entries.Count, entries[0].Note, entries[^1].Note));

        var huge = Entry("huge") with { Resources = [.. Enumerable.Range(0, 10_000).Select(i => $"a-resource-{i}")] };
        await Log.AddAsync(huge, Token);
        await Log.AddAsync(Entry("next"), Token);
        Assert.InRange(_cluster[Log.Key].TextAt("data", "entries")!.Length, 100_000, 250_000);

        var map = (YamlMap)_cluster[Log.Key].Clone();
        map.Map("data")!["entries"] = new YamlScalar("a later version\n");
        _cluster.With(map);
        await Log.AddAsync(Entry("after"), Token);
        Assert.Equal(["after"], (await Log.ReadAsync(Token)).Select(e => e.Note));
        Assert.EndsWith("\na later version\n", _cluster[Log.Key].TextAt("data", "entries"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoMayNotWriteIt_IsTold_AndFailsNothing()
    {
        _cluster.Before = call =>
            ThrowIf(call.Contains("-activity", StringComparison.Ordinal)
            || call.StartsWith("create Event", StringComparison.Ordinal));

        var result = await ApplyAsync(Deployment("web"));

        Assert.True(result.IsReady);
        Assert.Equal(["warning: 'apply' is missing in the history of 'dev', or in its events: no"], _warnings);
    }

    [Fact]
    public async Task Delete_OfEverything_TakesItAlong()
    {
        await ApplyAsync(Deployment("web"));
        var deleter = new Deleter(_cluster, new(_cluster, "shop", "dev"));
        var (plan, inventory) = await deleter.PlanAsync(null, Token);

        Assert.False(await deleter.DeleteAsync(plan, inventory, withVolumes: false, Token));
        Assert.DoesNotContain(Log.Key, _cluster.Keys);
    }

    private ActivityRecorder Recorder => new(_cluster, "shop", "dev", null, _warnings.Add);

    private static ActivityEntry Entry(string note) => new(DateTimeOffset.UnixEpoch, "apply", ActivityEntry.Done) { Note = note };

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new ClusterException(ClusterErrorReason.Forbidden, "no");
        }
    }

    private IEnumerable<YamlMap> Events() => _cluster.Keys.Where(k => k.ResourceKind == s_event).Select(k => _cluster[k]);

    private Task<ApplyResult> ApplyAsync(params YamlMap[] objects) =>
        new Applier(_cluster, (_, _) => Task.FromResult(true), _ => { }) { Activity = Recorder }
            .ApplyAsync(new("shop", "dev", objects, ChangeScope.All), Token);
}
