using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

/// <summary>A Redis Cluster with small requests in a namespace of its own, and a pod beside it that may call it.</summary>
public sealed class RedisDeployment : IAsyncLifetime
{
    public const string Container = "redis";
    public const string Password = "end-to-end";
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(5);
    private readonly string _namespace = $"e2e-redis-{Guid.NewGuid():N}"[..18];
    private IClusterClient? _cluster;

    /// <summary>What <c>apply</c> told.</summary>
    public List<string> Told { get; } = [];

    /// <summary>From the first apply until all members were ready.</summary>
    public TimeSpan Formation { get; private set; }

    internal IClusterClient Cluster => _cluster!;

    /// <summary>Three shards, as they are applied.</summary>
    internal IReadOnlyList<YamlMap> Rendered => Render(3);

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is not { Length: > 0 })
        {
            return;
        }

        var kubeconfig = Kubeconfig.Load();
        _cluster = ClusterClient.Connect(new(kubeconfig.CurrentContext!, _namespace), kubeconfig);
        await Cluster.ApplyAsync(
            [
                Map($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {_namespace}, labels: " +
                    $"{{pod-security.kubernetes.io/enforce: restricted}}}}}}"),
                Map($"{{apiVersion: v1, kind: Secret, metadata: {{name: parameters, namespace: {_namespace}}}, stringData: " +
                    $"{{redis-password: {Password}}}}}"),
            ],
            new(),
            CancellationToken.None);
        var begin = Stopwatch.GetTimestamp();
        await ApplyAsync(shards: 3, CancellationToken.None);
        await ReadyAsync(6, CancellationToken.None);
        Formation = Stopwatch.GetElapsedTime(begin);
        await UntilAsync(async () => await WriterAsync(CancellationToken.None) is not null, "the writer runs");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DeleteAsync([new("", "Namespace", _namespace)], new(), CancellationToken.None);
        }
    }

    public static void SkipWithoutCluster() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 },
            "KUBECONFIG is not set: these tests need a cluster.");

    /// <summary>Applies the graph with so many shards, to the end of what a change of size takes.</summary>
    public async Task ApplyAsync(int shards, CancellationToken cancellationToken, Action<string>? told = null)
    {
        var applier = new Applier(
            Cluster,
            (_, _) => Task.FromResult(true),
            line =>
            {
                Told.Add(line);
                told?.Invoke(line);
            });
        await applier.ApplyAsync(new("end-to-end", "e2e", Render(shards), ChangeScope.All), cancellationToken);
    }

    /// <summary>Until so many members are ready, and no other is there.</summary>
    public Task ReadyAsync(int members, CancellationToken cancellationToken) => UntilAsync(
        async () =>
        {
            var pods = await MembersAsync(cancellationToken);
            return pods.Count == members
                && pods.All(p => p.Map("metadata")!.Text("deletionTimestamp") is null
                && (p.Map("status")?.List("conditions") ?? [])
                .Cast<YamlMap>().Any(c => c.Text("type") == "Ready" && c.Text("status") == "True"));
        },
        $"{members} members are ready");

    internal Task<IReadOnlyList<YamlMap>> MembersAsync(CancellationToken cancellationToken) =>
        Cluster.GetAsync(
            ObjectQuery.OfKinds(ResourceKind.Pod) with { Selector = "app.kubernetes.io/name=redis" }, cancellationToken);

    /// <summary>The pods that Service <c>redis</c> leads to.</summary>
    public async Task<int> ServedAsync(CancellationToken cancellationToken) =>
        (await Cluster.GetAsync(ObjectQuery.OfKinds(new ResourceKind("discovery.k8s.io", "EndpointSlice")) with
        {
            Selector = "kubernetes.io/service-name=redis",
        }, cancellationToken))
            .SelectMany(s => s.List("endpoints") ?? []).Cast<YamlMap>().Count(e => e.Map("conditions")?.Text("ready") == "true");

    /// <summary>Runs a script in a member's container; returns what it printed.</summary>
    public async Task<string> InMemberAsync(int member, string script, CancellationToken cancellationToken)
    {
        var result = await Cluster.ExecAsync(new(
            $"redis-{member}", Container, ["sh", "-c", $"export REDISCLI_AUTH=$REDIS_PASSWORD; {script}"]), cancellationToken);
        Assert.True(result.ExitCode == 0, $"redis-{member}: {result.Error}");
        return result.Output.Trim();
    }

    /// <summary>Runs a script in the pod that may call the cluster.</summary>
    public async Task<string> InWriterAsync(string script, CancellationToken cancellationToken)
    {
        var writer = await WriterAsync(cancellationToken);
        Assert.NotNull(writer);
        var result = await Cluster.ExecAsync(
            new(writer, null, ["sh", "-c", $"export REDISCLI_AUTH=$PARAMETER_REDIS_PASSWORD; {script}"]), cancellationToken);
        Assert.True(result.ExitCode == 0, $"{writer}: {result.Error}");
        return result.Output.Trim();
    }

    public static Task UntilAsync(Func<Task<bool>> fact, string what) =>
        Eventually.HoldsAsync(fact, () => $"It is still not so that {what}.", interval: 250, s_timeout);

    private async Task<string?> WriterAsync(CancellationToken cancellationToken) =>
        (await Cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.Pod) with
        {
            Selector = "app.kubernetes.io/name=writer",
        }, cancellationToken))
            .FirstOrDefault(p => p.TextAt("status", "phase") == "Running")?.Map("metadata")!.Text("name");

    private IReadOnlyList<YamlMap> Render(int shards)
    {
        var builder = DistributedApplication.CreateBuilder(["--operation=publish"]);
        builder.AddKustomize().AddEnvironment("e2e", context: Cluster.Target.Context, @namespace: _namespace);
        var redis = builder.AddRedisCluster("redis").WithDataVolume()
            .WithBackup()
            .WithResources(cpuRequest: "20m", memoryRequest: "32Mi", memoryLimit: "256Mi")
            .In("e2e", r => r.WithSize(shards));
        builder.AddContainer("writer", "library/redis", "8.0.2").WithImageRegistry("docker.io")
            .WithEntrypoint("sh").WithArgs("-c", "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done")
            .WithReference(redis)
            .WithResources(cpuRequest: "20m", memoryRequest: "32Mi", memoryLimit: "256Mi");
        var objects = Render(new PublishedModel(
            new DistributedApplicationModel(builder.Resources), builder.ExecutionContext, "end-to-end")).Objects;

        // The classes are the cluster's, made by `setup`: nothing of them is needed here.
        foreach (var pod in objects.Select(o => o.Map("spec")?.Map("template")?.Map("spec")
            ?? o.Map("spec")?.Map("jobTemplate")?.Map("spec")?.Map("template")?.Map("spec")).OfType<YamlMap>())
        {
            pod["priorityClassName"] = null;
        }

        return objects;
    }

    private static RenderedEnvironment Render(PublishedModel model) =>
        new Renderer(ManifestTree.InMemory(Publication.Build(model), Path.GetTempPath())).Render("e2e");

    private static YamlMap Map(string text) => (YamlMap)Assert.Single(YamlReader.ReadAll(text));
}
