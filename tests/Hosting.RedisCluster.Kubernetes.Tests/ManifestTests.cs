using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Restore;
using MonoRepo.Deploy.Secrets;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests.RedisOnKubernetes;

public sealed class ManifestTests
{
    [Fact]
    public void SizeIsInNoPodTemplate()
    {
        var (small, large) = (Render(r => r.WithSize(3, 1)), Render(r => r.WithSize(5, 2)));

        Assert.Equal("6", Of(small, "StatefulSet", "redis").Map("spec")!.Text("replicas"));
        Assert.Equal("15", Of(large, "StatefulSet", "redis").Map("spec")!.Text("replicas"));
        Assert.Equal("5", Of(large, "ConfigMap", "redis-topology").Map("data")!.Text("shards"));
        Assert.Equal(Template(small), Template(large));
    }

    [Fact]
    public void PasswordIsASecretsKeyAndNoValue()
    {
        var objects = Render(_ => { });

        Assert.Contains("key: redis-password", Template(objects), StringComparison.Ordinal);
        Assert.Contains(
            "redis:6379,password=$(PARAMETER_REDIS_PASSWORD)", Text(Of(objects, "Deployment", "caller")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void CallersReachTheClientPortAndMembersTheBusToo()
    {
        var policy = Text(Of(Render(_ => { }), "NetworkPolicy", "redis"));

        Assert.Contains("app.kubernetes.io/name: caller", policy, StringComparison.Ordinal);
        Assert.Contains("port: 16379", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void BackupIsACronJobWithAClaimThatOutlivesIt()
    {
        var objects = Render(r => r.WithBackup("0 4 * * *", "5Gi", kept: 3));

        Assert.Contains("- \"3\"", Text(Of(objects, "CronJob", "redis-backup")), StringComparison.Ordinal);
        Assert.Contains("storage: 5Gi", Text(Of(objects, "PersistentVolumeClaim", "redis-backup")), StringComparison.Ordinal);
        var (cronJob, commands) = RestoreCommands.Find(objects, "redis", "dev");
        Assert.Equal(("redis-backup", "replace"), (cronJob, commands.Replace[^1]));
    }

    [Fact]
    public void MembersSayHowTheirPasswordIsReplacedAndLetInByTheOneBefore()
    {
        var objects = Render(_ => { });
        var key = SecretKeys.Find(SecretKeys.Of(objects), "redis-password", "dev");

        Assert.Equal("accept", Assert.Single(key.Members).Accept[^1]);
        Assert.DoesNotContain(SecretKeys.Of(objects), k => k.Key.EndsWith("-previous", StringComparison.Ordinal));
        Assert.Contains("key: redis-password-previous\n          optional: true", Template(objects).Replace(
            "\r", ""), StringComparison.Ordinal);
        Assert.Contains(
            "a comma", Assert.Throws<DeployException>(() => key.Check("a,b"u8.ToArray())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsAndDurabilityReachTheServer()
    {
        var pods = Text(Of(
            Render(r => r.WithRedisSetting("maxmemory-policy", "allkeys-lru").WithRedisSetting(
                "hz", "20").WithDurability(RedisDurability.None)), "StatefulSet", "redis"));

        Assert.Contains("maxmemory-policy allkeys-lru", pods, StringComparison.Ordinal);
        Assert.Contains("hz 20", pods, StringComparison.Ordinal);
    }

    [Fact]
    public void FewerThanThreeShardsAreRefused() =>
        Assert.Contains(
            "at least 3", Assert.Throws<DistributedApplicationException>(() => Render(r => r.WithSize(2))).Message,
            StringComparison.Ordinal);

    private static IReadOnlyList<YamlMap> Render(Action<IResourceBuilder<RedisClusterResource>> configure)
    {
        var builder = DistributedApplication.CreateBuilder(["--operation=publish"]);
        builder.AddKustomize().AddEnvironment("dev", context: "dev");
        var redis = builder.AddRedisCluster("redis").WithDataVolume().In("dev", configure);
        builder.AddContainer("caller", "caller", "1").WithReference(redis);
        var model = new PublishedModel(new DistributedApplicationModel(builder.Resources), builder.ExecutionContext, "test");
        return new Renderer(ManifestTree.InMemory(Publication.Build(model), Path.GetTempPath())).Render("dev").Objects;
    }

    private static YamlMap Of(IReadOnlyList<YamlMap> objects, string kind, string name) =>
        Assert.Single(objects, o => o.Text("kind") == kind && o.Map("metadata")!.Text("name") == name);

    private static string Template(IReadOnlyList<YamlMap> objects) =>
        Text(Of(objects, "StatefulSet", "redis").Map("spec")!.Map("template")!);

    private static string Text(YamlNode node) => YamlWriter.ToText(node);
}
