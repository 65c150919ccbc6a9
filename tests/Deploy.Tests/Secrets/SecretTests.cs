using System.Text;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Secrets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class SecretTests
{
    private static readonly ObjectKey s_parameters = new("", "Secret", "parameters");

    private static readonly SecretKey s_password = new("parameters", "redis-password", [new("Deployment", "server"), new("StatefulSet", "redis")]);

    [Fact]
    public void KeysComeWithWhoReadsThem()
    {
        static string Reader(string kind, string name) =>
            $"{{kind: {kind}, metadata: {{name: {name}}}, spec: {{template: {{spec: {{containers: [{{env: [{{valueFrom: {{secretKeyRef: {{name: parameters, key: redis-password}}}}}}]}}]}}}}}}}}";
        var keys = SecretKeys.Of(Live.Objects(Reader("Deployment", "server"), Reader("StatefulSet", "redis"), "{kind: Deployment, metadata: {name: other}, spec: {imagePullSecrets: [{name: pull}]}}"));
        Assert.Equal(["parameters/redis-password", "pull"], keys.Select(k => k.ToString()));
        Assert.Equal(s_password.Users, keys[0].Users);
    }

    [Fact]
    public void AKeyIsNamedByItselfUnlessThatIsAmbiguous()
    {
        SecretKey[] keys = [s_password, new("a", "token", []), new("b", "token", [])];
        Assert.Same(s_password, SecretKeys.Find(keys, "redis-password", "dev"));
        Assert.Same(keys[2], SecretKeys.Find(keys, "b/token", "dev"));
        Assert.Equal("c/other", SecretKeys.Find(keys, "c/other", "dev").ToString());
        Assert.Contains("a/token, b/token", Assert.Throws<DeployException>(() => SecretKeys.Find(keys, "token", "dev")).Message);
        Assert.Contains("Needed are: parameters/redis-password", Assert.Throws<DeployException>(() => SecretKeys.Find(keys, "redis", "dev")).Message);
    }

    [Fact]
    public async Task SettingAKeyMakesTheSecretAndLeavesOtherKeysAlone()
    {
        var cluster = new FakeCluster();
        var store = new SecretStore(cluster);
        await store.SetAsync("parameters", "first", "one"u8.ToArray(), TestContext.Current.CancellationToken);
        await store.SetAsync("parameters", "second", "two"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(["patch Secret/parameters", "create Secret/parameters", "patch Secret/parameters"], cluster.Calls);
        var data = cluster[s_parameters].Map("data")!;
        Assert.Equal(("one", "two"), (Decoded(data, "first"), Decoded(data, "second")));
        SecretKey[] asked = [new("parameters", "first", []), new("parameters", "third", []), new("parameters", "", []), new("none", "", [])];
        Assert.Equal(["parameters/first", "parameters"], (await store.PresentAsync(asked, TestContext.Current.CancellationToken)).Select(k => k.ToString()));
    }

    [Fact]
    public void MembersThatWouldNotUnderstandEachOtherAreNotRolled()
    {
        var refused = Assert.Throws<DeployException>(() => SecretRotation.Check(s_password, isTogether: false));
        Assert.StartsWith("'parameters/redis-password' is read by statefulset/redis, whose members know one value at a time", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        SecretRotation.Check(s_password, isTogether: true);
        SecretRotation.Check(s_password with { Users = [new("Deployment", "server")] }, isTogether: false);
    }

    [Fact]
    public async Task MembersRestartTogetherAndDeploymentsAreRolled()
    {
        static string Pod(string name, string kind, string owner) => $"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, ownerReferences: [{{kind: {kind}, name: {owner}}}]}}}}";
        var cluster = new FakeCluster().With(Live.Objects(
            Pod("redis-0", "StatefulSet", "redis"), Pod("redis-1", "StatefulSet", "redis"), Pod("redis-backup", "Job", "redis"), Pod("other-0", "StatefulSet", "other"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: server}, spec: {template: {metadata: {labels: {a: b}}}}}"));
        await new SecretRotation(cluster, TimeProvider.System).RestartAsync(s_password, TestContext.Current.CancellationToken);
        Assert.Equal(["get", "delete Pod/redis-0 Pod/redis-1", "patch Deployment/server"], cluster.Calls);
        var template = cluster[new("apps", "Deployment", "server")].Map("spec")!.Map("template")!.Map("metadata")!;
        Assert.NotNull(template.Map("annotations")!.Text("kubectl.kubernetes.io/restartedAt"));
        Assert.NotNull(template.Map("labels"));
    }

    [Fact]
    public async Task OnlyWhatRunsIsRestarted()
    {
        var cluster = new FakeCluster().With(Live.Objects("{apiVersion: apps/v1, kind: Deployment, metadata: {name: server}}"));
        var users = s_password with { Users = [.. s_password.Users, new("CronJob", "server")] };
        Assert.Equal([new("Deployment", "server")], (await new SecretRotation(cluster, TimeProvider.System).PresentUsersAsync(users, TestContext.Current.CancellationToken)).Users);
    }

    [Fact]
    public void GeneratedValuesAreLongAndNeverTheSame()
    {
        var values = Enumerable.Range(0, 100).Select(_ => SecretGenerator.Create()).ToHashSet();
        Assert.Equal(100, values.Count);
        Assert.All(values, v => Assert.Matches("^[A-Za-z0-9]{32}$", v));
    }

    private static string Decoded(YamlMap data, string key) => Encoding.UTF8.GetString(Convert.FromBase64String(data.Text(key)!));
}
