using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

/// <summary>The requests that the real kubectl sends for us.</summary>
public sealed class KubectlProcessTests : IAsyncLifetime
{
    private static readonly ObjectKey s_configMap = new("", "ConfigMap", "a");

    private ApiStandIn _api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Tools.Exists("kubectl"), "kubectl is not installed.");
        _api = await ApiStandIn.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    [Fact]
    public async Task ApplyIsServerSideByOurManagerAndAsksForNoSchema()
    {
        await _api.Kubectl.ApplyAsync([ConfigMap("web", "a")], new(), Token);

        var (line, type, body) = Assert.Single(_api.Requests);
        // What follows is the timeout of the request, which not every kubectl passes on.
        Assert.StartsWith("PATCH /api/v1/namespaces/jane/configmaps/a?fieldManager=monorepo&fieldValidation=Ignore&force=false", line);
        Assert.Equal("application/apply-patch+yaml", type);
        Assert.Contains("\"A\":\"1\"", body);
    }

    [Fact]
    public async Task ADryRunStoresNothingAndForceSaysSo()
    {
        await _api.Kubectl.ApplyAsync([ConfigMap("web", "a")], new() { DryRun = true, ForceConflicts = true, Manager = "other" }, Token);

        var line = Assert.Single(_api.Requests).Line;
        Assert.Contains("dryRun=All", line);
        Assert.Contains("force=true", line);
        Assert.Contains("fieldManager=other", line);
    }

    [Fact]
    public async Task ReplaceNamesTheVersionAndAnotherVersionIsAConflict()
    {
        var one = ConfigMap("web", "a");
        one.Map("metadata")!.Add("resourceVersion", "7");
        await _api.Kubectl.ReplaceAsync(one, Token);
        var put = _api.Requests.Last(r => r.Line.StartsWith("PUT ", StringComparison.Ordinal));
        Assert.StartsWith("PUT /api/v1/namespaces/jane/configmaps/a?", put.Line);
        Assert.Contains("\"resourceVersion\":\"7\"", put.Body);

        _api.Answer = Status(409, "Conflict", "Operation cannot be fulfilled on configmaps \\\"a\\\": the object has been modified");
        Assert.Equal(KubectlFault.Conflict, (await Assert.ThrowsAsync<KubectlException>(() => _api.Kubectl.ReplaceAsync(one, Token))).Fault);
    }

    [Fact]
    public async Task OrphansAreKeptWhereAskedFor()
    {
        _api.Answer = (200, """{"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}""");
        await _api.Kubectl.DeleteAsync([new("apps", "StatefulSet", "a")], new() { Orphan = true }, Token);

        var (line, _, body) = _api.Requests.Last(r => r.Line.StartsWith("DELETE", StringComparison.Ordinal));
        Assert.StartsWith("DELETE /apis/apps/v1/namespaces/jane/statefulsets/a", line);
        Assert.Contains("\"propagationPolicy\":\"Orphan\"", body);
    }

    [Fact]
    public async Task WhatDoesNotExistIsLeftOut()
    {
        _api.Answer = Status(404, "NotFound", "configmaps \\\"a\\\" not found");

        Assert.Empty(await _api.Kubectl.GetAsync(KubectlQuery.Of(s_configMap), Token));
    }

    [Fact]
    public async Task AllObjectsOfAKindAreAskedForInOurNamespace()
    {
        _api.Answer = (200, """{"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {}, "items": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}]}""");

        var found = await _api.Kubectl.GetAsync(KubectlQuery.OfKinds("configmap"), Token);

        Assert.Equal(s_configMap, ObjectKey.Of(Assert.Single(found)));
        Assert.StartsWith("GET /api/v1/namespaces/jane/configmaps?", Assert.Single(_api.Requests).Line);
    }

    [Theory]
    [InlineData(403, "Forbidden", "configmaps \\\"a\\\" is forbidden: User \\\"u\\\" cannot patch resource", KubectlFault.Forbidden)]
    [InlineData(403, "Forbidden", "pods \\\"a\\\" is forbidden: exceeded quota: q", KubectlFault.QuotaExceeded)]
    [InlineData(401, "Unauthorized", "Unauthorized", KubectlFault.Unauthorized)]
    [InlineData(404, "NotFound", "namespaces \\\"jane\\\" not found", KubectlFault.NamespaceMissing)]
    [InlineData(500, "InternalError", "etcdserver: mvcc: database space exceeded", KubectlFault.NoSpace)]
    public async Task ARefusalIsOneLine(int code, string reason, string message, KubectlFault fault)
    {
        _api.Answer = Status(code, reason, message);

        var refused = await Assert.ThrowsAsync<KubectlException>(() => _api.Kubectl.ApplyAsync([ConfigMap("web", "a")], new(), Token));

        Assert.Equal(fault, refused.Fault);
        Assert.StartsWith("Context 'wanted', namespace 'jane': ", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task AKindThatTheClusterDoesNotKnowIsMissing()
    {
        var refused = await Assert.ThrowsAsync<KubectlException>(
            () => _api.Kubectl.ApplyAsync([Read("apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: a}\n")], new(), Token));

        Assert.Equal(KubectlFault.KindMissing, refused.Fault);
        Assert.Empty(_api.Requests);
    }

    [Fact]
    public async Task TheCurrentContextIsReadWithoutAskingAnyCluster()
    {
        Assert.Equal("other", await _api.Kubectl.CurrentContextAsync(Token));
        Assert.Empty(_api.Requests);
    }

    [Fact]
    public async Task NoClusterNoContextAndNoKubectlAreOneLine()
    {
        using var folder = new TemporaryFolder();
        var config = Path.Combine(folder.Path, "config");
        await File.WriteAllTextAsync(config, """
            {"apiVersion": "v1", "kind": "Config", "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}], "contexts": [{"name": "here", "context": {"cluster": "c"}}]}
            """, Token);

        Assert.Equal(KubectlFault.Unreachable, await FaultAsync(new("here", "jane"), new(Kubeconfig: config)));
        Assert.Equal(KubectlFault.NoContext, await FaultAsync(new("nowhere", "jane"), new(Kubeconfig: config)));
        Assert.Equal(KubectlFault.NotInstalled, await FaultAsync(new("here", "jane"), new("no-such-kubectl")));
    }

    private static async Task<KubectlFault> FaultAsync(KubectlTarget target, KubectlProgram program)
    {
        var refused = await Assert.ThrowsAsync<KubectlException>(() => new KubectlProcess(target, program).GetAsync(KubectlQuery.OfKinds("configmaps"), Token));
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Fault;
    }

    private static (int, string) Status(int code, string reason, string message) =>
        (code, $$"""{"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "{{message}}", "reason": "{{reason}}", "code": {{code}}}""");
}
