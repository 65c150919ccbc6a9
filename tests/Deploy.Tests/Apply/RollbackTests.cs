using MonoRepo.Deploy;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

public sealed class RollbackTests
{
    private static readonly ObjectKey s_history = new("", "ConfigMap", "shop-dev-history");

    private readonly FakeCluster _cluster = new FakeCluster().With(DeployObjects.Namespace);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollback_AfterAnApplyThatDidNotWork_GoesToTheLastThatDid()
    {
        await ApplyAsync(true, Deployment("web", settings: "one"), ConfigMap("web", "one"));
        await ApplyAsync(false, Deployment("web", settings: "two"), ConfigMap("web", "two"));

        var plan = await RollbackAsync();

        Assert.Equal(1, plan.Revision.Number);
        Assert.Equal("one", Settings("web"));
    }

    [Fact]
    public async Task Rollback_AfterAnApplyThatWorked_GoesToTheOneBefore_AndBackAgain()
    {
        await ApplyAsync(true, Deployment("web", settings: "one"), ConfigMap("web", "one"));
        await ApplyAsync(true, Deployment("web", settings: "two"), ConfigMap("web", "two"));

        Assert.Equal(1, (await RollbackAsync()).Revision.Number);
        Assert.Equal("one", Settings("web"));
        Assert.Equal(2, (await RollbackAsync()).Revision.Number);
        Assert.Equal("two", Settings("web"));
        await RollbackAsync(number: 3);
        Assert.Equal("one", Settings("web"));
    }

    [Fact]
    public async Task Rollback_OfOneResource_LeavesTheOthers()
    {
        await ApplyAsync(true, Deployment("web", settings: "one"), Deployment("store", settings: "one"));
        await ApplyAsync(true, Deployment("web", settings: "two"), Deployment("store", settings: "two"), Deployment("more"));

        await RollbackAsync("web");

        Assert.Equal(("one", "two"), (Settings("web"), Settings("store")));
        Assert.Contains(new ObjectKey("apps", "Deployment", "more"), _cluster.Keys);
    }

    [Fact]
    public async Task Apply_OfAPart_KeepsTheRestOfTheLastRevision()
    {
        await ApplyAsync(true, Deployment("web", settings: "one"), Deployment("store", settings: "one"));
        await ApplyAsync(true, new ChangeScope(new HashSet<string> { "web" }), Deployment("web", settings: "two"));
        await ApplyAsync(false, Deployment("web", settings: "three"), Deployment("store", settings: "three"));

        Assert.Equal(2, (await RollbackAsync()).Revision.Number);
        Assert.Equal(("two", "one"), (Settings("web"), Settings("store")));
    }

    [Fact]
    public async Task Rollback_RunsNoJobAgain_AndDeletesNone()
    {
        await ApplyAsync(true, Deployment("web", settings: "one"), Job("migrate-1"));
        await ApplyAsync(true, Deployment("web", settings: "two"), Job("migrate-2"));

        await RollbackAsync();

        Assert.Equal(["migrate-2"], _cluster.Keys.Where(k => k.Kind == "Job").Select(k => k.Name));
    }

    [Fact]
    public async Task History_IsBounded_AndAnApplyWithoutAChangeAddsNothing()
    {
        for (var i = 1; i <= 7; i++)
        {
            await ApplyAsync(true, Deployment("web", settings: $"s{i}"));
        }

        _cluster.Calls.Clear();
        await ApplyAsync(true, Deployment("web", settings: "s7"));

        Assert.DoesNotContain(_cluster.Calls, c => c.Contains("history", StringComparison.Ordinal));
        Assert.Equal(["7", "6", "5", "4", "3"], _cluster[s_history].Map("binaryData")!.Select(d => d.Key));
        var refused = await Assert.ThrowsAsync<DeployException>(() => RollbackAsync(number: 1));
        Assert.StartsWith("'dev' has no revision 1. It has: revision 7 (", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_WithNothingToGoBackTo_SaysSo()
    {
        Assert.Contains(
            "has been seen to work yet", (await Assert.ThrowsAsync<DeployException>(() => RollbackAsync())).Message,
            StringComparison.Ordinal);
        await ApplyAsync(true, Deployment("web"));
        Assert.StartsWith(
            "There is nothing to go back to: revision 1 (",
            (await Assert.ThrowsAsync<DeployException>(() => RollbackAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OfEverything_TakesTheHistoryToo()
    {
        await ApplyAsync(true, Deployment("web"));
        Assert.Contains(s_history, _cluster.Keys);
        var deleter = new Deleter(_cluster, new(_cluster, "shop", "dev"));
        var (plan, inventory) = await deleter.PlanAsync(null, Token);
        await deleter.DeleteAsync(plan, inventory, withVolumes: false, Token);
        Assert.Equal(["Namespace"], _cluster.Keys.Select(k => k.Kind));
    }

    private string? Settings(string name) =>
        ((YamlMap)((YamlMap)_cluster[new("apps", "Deployment", name)].MapAt("spec", "template", "spec")!.List("containers")![0])
        .List("envFrom")![0]).TextAt("configMapRef", "name");

    private async Task<RollbackPlan> RollbackAsync(string? resource = null, int? number = null)
    {
        var plan = await new Rollback(_cluster, "shop", "dev").PlanAsync(resource is null ? [] : [resource], number, Token);
        await ApplierOf(true).ApplyAsync(plan.Request, Token);
        return plan;
    }

    private Task<ApplyResult> ApplyAsync(bool works, params YamlMap[] objects) => ApplyAsync(works, ChangeScope.All, objects);

    private Task<ApplyResult> ApplyAsync(bool works, ChangeScope scope, params YamlMap[] objects) =>
        ApplierOf(works).ApplyAsync(new("shop", "dev", objects, scope), Token);

    private Applier ApplierOf(bool works) => new(_cluster, (_, _) => Task.FromResult(works), _ => { });
}
