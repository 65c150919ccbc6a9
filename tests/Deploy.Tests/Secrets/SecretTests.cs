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

    private static readonly SecretKey s_password = new(
        "parameters", "redis-password", [new("Deployment", "server"), new("StatefulSet", "redis")]);

    [Fact]
    public void KeysComeWithWhoReadsThem()
    {
        static string Reader(string kind, string name) =>
            $"{{kind: {kind}, metadata: {{name: {name}}}, spec: {{template: {{spec: {{containers: [{{env: [{{valueFrom: " +
            $"{{secretKeyRef: {{name: parameters, key: redis-password}}}}}}]}}]}}}}}}}}";
        var keys = SecretKeys.Of(Live.Objects(Reader("Deployment", "server"), Reader(
            "StatefulSet", "redis"), "{kind: Deployment, metadata: {name: other}, spec: {imagePullSecrets: [{name: pull}]}}"));
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
        Assert.Contains(
            "a/token, b/token", Assert.Throws<UnknownNameException>(() => SecretKeys.Find(keys, "token", "dev")).Message);
        Assert.Contains(
            "Needed are: parameters/redis-password",
            Assert.Throws<UnknownNameException>(() => SecretKeys.Find(keys, "redis", "dev")).Message);
    }

    [Fact]
    public async Task SettingAKeyMakesTheSecretAndLeavesOtherKeysAlone()
    {
        var cluster = new FakeCluster();
        var store = new SecretStore(cluster);
        await store.SetAsync(new("parameters", "first", []), "one"u8.ToArray(), TestContext.Current.CancellationToken);
        await store.SetAsync(new("parameters", "second", []), "two"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(["patch Secret/parameters", "create Secret/parameters", "patch Secret/parameters"], cluster.Calls);
        var data = cluster[s_parameters].Map("data")!;
        Assert.Equal(("one", "two"), (Decoded(data, "first"), Decoded(data, "second")));
        SecretKey[] asked =
            [new("parameters", "first", []), new("parameters", "third", []), new("parameters", "", []), new("none", "", [])];
        Assert.Equal(["parameters/first", "parameters"], (await store.PresentAsync(asked, TestContext.Current.CancellationToken))
            .Select(k => k.ToString()));
    }

    [Fact]
    public async Task AKeyInUrls_IsWrittenEncodedToo()
    {
        static string Reader(string key) =>
            $"{{kind: Deployment, metadata: {{name: server}}, spec: {{template: {{spec: {{containers: [{{env: [{{valueFrom: " +
            $"{{secretKeyRef: {{name: parameters, key: {key}}}}}}}]}}]}}}}}}}}";
        var key = Assert.Single(SecretKeys.Of(Live.Objects(Reader("cache-password"), Reader("cache-password.uri-encoded"))));
        Assert.Equal("parameters/cache-password", key.ToString());
        Assert.Single(key.Users);

        var cluster = new FakeCluster();
        var store = new SecretStore(cluster);
        await store.SetAsync(
            new("parameters", "cache-password", []), "p@ss wörd"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Empty(await store.PresentAsync([key], TestContext.Current.CancellationToken));
        Assert.True(await store.CompleteAsync(key, TestContext.Current.CancellationToken));
        Assert.Equal([key], await store.PresentAsync([key], TestContext.Current.CancellationToken));
        var data = cluster[s_parameters].Map("data")!;
        Assert.Equal(
            ("p@ss wörd", "p%40ss%20w%C3%B6rd"), (Decoded(data, "cache-password"), Decoded(data, "cache-password.uri-encoded")));

        await store.SetAsync(key, "a/b"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(("a/b", "a%2Fb"), (
            Decoded(data = cluster[s_parameters].Map("data")!, "cache-password"), Decoded(data, "cache-password.uri-encoded")));
        Assert.False(await store.CompleteAsync(
            new("parameters", "none", []) { IsEncodedToo = true }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void MembersThatWouldNotUnderstandEachOtherAreNotRolled()
    {
        var refused = Assert.Throws<DeployException>(() => SecretRotation.Check(s_password, isTogether: false));
        Assert.StartsWith(
            "'parameters/redis-password' is read by statefulset/redis, whose members know one value at a time", refused.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        SecretRotation.Check(s_password, isTogether: true);
        SecretRotation.Check(s_password with { Users = [new("Deployment", "server")] }, isTogether: false);
    }

    [Fact]
    public async Task MembersRestartTogetherAndDeploymentsAreRolled()
    {
        static string Pod(string name, string kind, string owner) =>
            $"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, ownerReferences: [{{kind: {kind}, name: {owner}}}]}}}}";
        var cluster = new FakeCluster().With(Live.Objects(
            Pod("redis-0", "StatefulSet", "redis"), Pod("redis-1", "StatefulSet", "redis"), Pod("redis-backup", "Job", "redis"),
            Pod("other-0", "StatefulSet", "other"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: server}, spec: {template: {metadata: {labels: {a: b}}}}}"));
        cluster.With(Live.Objects("{apiVersion: v1, kind: Secret, metadata: {name: parameters}}"));
        await Rotation(cluster).RestartAsync(s_password, "new"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["patch Secret/parameters", "get", "delete Pod/redis-0 Pod/redis-1", "patch Deployment/server"], cluster.Calls);
        var template = cluster[new("apps", "Deployment", "server")].Map("spec")!.Map("template")!.Map("metadata")!;
        Assert.NotNull(template.Map("annotations")!.Text("kubectl.kubernetes.io/restartedAt"));
        Assert.NotNull(template.Map("labels"));
    }

    [Fact]
    public async Task OnlyWhatRunsIsRestarted()
    {
        var cluster = new FakeCluster().With(Live.Objects("{apiVersion: apps/v1, kind: Deployment, metadata: {name: server}}"));
        var users = s_password with { Users = [.. s_password.Users, new("CronJob", "server")] };
        Assert.Equal([
            new("Deployment", "server"),
        ], (await Rotation(cluster).PresentUsersAsync(users, TestContext.Current.CancellationToken)).Users);
    }

    [Fact]
    public async Task MembersThatLetInByTwoValuesAreRolledAfterTheirCallers()
    {
        var cluster = TwoValues();
        var key = await Rotation(cluster).PresentUsersAsync(s_password, TestContext.Current.CancellationToken);
        SecretRotation.Check(key, isTogether: false);
        cluster.Calls.Clear();
        List<string> inputs = [];
        cluster.Exec = exec =>
        {
            inputs.Add(new StreamReader(exec.Input!).ReadToEnd());
            return new(0, "", "");
        };

        Assert.True(await Rotation(cluster).RollAsync(key, "new"u8.ToArray(), WaitAsync, TestContext.Current.CancellationToken));

        Assert.Equal(
            [
                "exec redis-0 accept", "exec redis-1 accept", "patch Secret/parameters", "patch Deployment/server",
                "wait deployment/server",
                "patch StatefulSet/redis", "wait statefulset/redis", "exec redis-0 only", "exec redis-1 only",
                "patch Secret/parameters",
            ],
            cluster.Calls.Where(c => c != "get"));
        Assert.Equal(Enumerable.Repeat("new\n", 4), inputs);
        var data = cluster[s_parameters].Map("data")!;
        Assert.Equal(("new", null), (Decoded(data, "redis-password"), data.Text("redis-password-previous")));

        Task<bool> WaitAsync(IReadOnlyList<SecretUser> users)
        {
            cluster.Calls.Add($"wait {Assert.Single(users)}");
            var there = cluster[s_parameters].Map("data")!;
            Assert.Equal(("new", "old"), (Decoded(there, "redis-password"), Decoded(there, "redis-password-previous")));
            return Task.FromResult(true);
        }
    }

    [Fact]
    public async Task AnInterruptedRotationGoesOnWithItsOwnValue()
    {
        var cluster = TwoValues();
        cluster.Exec = _ => new(0, "", "");
        var key = await Rotation(cluster).PresentUsersAsync(s_password, TestContext.Current.CancellationToken);
        Assert.Null(await Rotation(cluster).UnfinishedAsync(key, TestContext.Current.CancellationToken));
        Assert.False(await Rotation(cluster).RollAsync(
            key, "new"u8.ToArray(), _ => Task.FromResult(false), TestContext.Current.CancellationToken));

        var unfinished = await Rotation(cluster).UnfinishedAsync(key, TestContext.Current.CancellationToken);
        Assert.Equal("new"u8.ToArray(), unfinished);
        Assert.Equal("old", Decoded(cluster[s_parameters].Map("data")!, "redis-password-previous"));
        Assert.True(await Rotation(cluster).RollAsync(
            key, unfinished!, _ => Task.FromResult(true), TestContext.Current.CancellationToken));
        Assert.Null(await Rotation(cluster).UnfinishedAsync(key, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AMemberThatDoesNotTakeTheValueEndsTheRotationBeforeAnythingChanged()
    {
        var cluster = TwoValues();
        cluster.Exec = exec =>
            exec.Pod == "redis-1" ? new(1, "", "password.sh: redis-1 does not take it: no answer\n") : new(0, "", "");
        var key = await Rotation(cluster).PresentUsersAsync(s_password, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<DeployException>(() => Rotation(cluster).RollAsync(
            key, "new"u8.ToArray(), _ => Task.FromResult(true), TestContext.Current.CancellationToken));

        Assert.StartsWith("redis-1: password.sh: redis-1 does not take it: no answer", refused.Message, StringComparison.Ordinal);
        Assert.Equal("old", Decoded(cluster[s_parameters].Map("data")!, "redis-password"));
    }

    [Theory]
    [InlineData("good$(x) 'pass\"word\\", null)]
    [InlineData("a,b", "a comma")]
    [InlineData(" a", "a space")]
    [InlineData("a\nb", "control characters")]
    [InlineData("a\n", "control characters")]
    [InlineData("a\0b", "NUL")]
    public void AValueThatWouldNotWorkIsRefusedInOneLine(string value, string? told)
    {
        var key = s_password with { Members = MemberSecret.Of([Set()], "parameters", "redis-password") };
        var refused = Record.Exception(() => key.Check(Encoding.UTF8.GetBytes(value)));
        Assert.Equal(told is null, refused is null);
        Assert.True(
            told is null || (refused!.Message.Contains(told, StringComparison.Ordinal) && !refused.Message.Contains('\n')),
            refused?.Message);
        Assert.Contains("UTF-8", Assert.Throws<DeployException>(() => key.Check([0xff])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GeneratedValuesAreLongAndNeverTheSame()
    {
        var values = Enumerable.Range(0, 100).Select(_ => SecretGenerator.Create()).ToHashSet();
        Assert.Equal(100, values.Count);
        Assert.All(values, v => Assert.Matches("^[A-Za-z0-9]{32}$", v));
    }

    private static SecretRotation Rotation(FakeCluster cluster) => new(cluster, TimeProvider.System, _ => { });

    private static YamlMap Set() => Live.Objects(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: redis
          annotations:
            monorepo/member-secret: '{"secret":"parameters","key":"redis-password","accept":["accept"],"only":["only"],"pattern":"\\A(?!\\s)[^,\\p{Cc}]+(?<!\\s)\\z","hint":"clients cut off a space and a comma, and have no control characters"}'
        spec: {template: {spec: {containers: [{name: redis}]}}}
        """)[0];

    private static FakeCluster TwoValues() => new FakeCluster().With([Set(), .. Live.Objects(
        "{apiVersion: v1, kind: Pod, metadata: {name: redis-0, ownerReferences: [{kind: StatefulSet, name: redis}]}}",
        "{apiVersion: v1, kind: Pod, metadata: {name: redis-1, ownerReferences: [{kind: StatefulSet, name: redis}]}}",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: server}}",
        $"{{apiVersion: v1, kind: Secret, metadata: {{name: parameters}}, data: {{redis-password: " +
        $"{Convert.ToBase64String("old"u8)}}}}}")]);

    private static string Decoded(YamlMap data, string key) => Encoding.UTF8.GetString(Convert.FromBase64String(data.Text(key)!));
}
