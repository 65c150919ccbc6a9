using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using FsCheck;
using FsCheck.Fluent;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Tests;

/// <summary>Facts that hold for every graph.</summary>
public sealed class RandomGraphTests
{
    private const string NameLabel = "app.kubernetes.io/name";

    // Other graphs in each run, the same for each fact: most of the time goes into rendering them.
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(60)
        .WithReplay((ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64() | 1);

    private static readonly ConcurrentDictionary<
        string, IReadOnlyList<(EnvironmentGraph Graph, IReadOnlyList<YamlMap> Objects)>> s_rendered = new();

    [Fact]
    public void EveryReferenceResolvesToAnObjectOfTheSameRender() => ForAll((_, objects) =>
    {
        var names = objects.Select(o => (o.Text("kind"), o.Map("metadata")!.Text("name"))).ToHashSet();
        foreach (var (kind, name) in objects.SelectMany(References))
        {
            Assert.Contains((kind, name), names);
        }
    });

    [Fact]
    public void EverySelectorMatchesExactlyItsPods() => ForAll((_, objects) =>
    {
        var pods = objects.Where(o => Template(o) is not null).ToDictionary(
            o => o.Map("metadata")!.Text("name")!, o => Template(o)!.Map("metadata")!.Map("labels")!);
        foreach (var one in objects.Where(o => Selector(o) is not null))
        {
            var owner = one.Map("metadata")!.Map("annotations")!.Text("monorepo/resource");
            var matched = pods.Where(p => Selector(one)!.All(s => p.Value.Text(s.Key) == ((YamlScalar)s.Value).Text))
                .Select(p => p.Key).ToList();
            Assert.Single(matched);
            Assert.StartsWith(owner!, matched[0]);
        }
    });

    [Fact]
    public void PolicyEdgesAreTheGraphsEdgesBothWays() => ForAll((graph, objects) =>
    {
        var policies = objects.Where(
            o => o.Text("kind") == "NetworkPolicy" && Selected(o.Map("spec")!.Map("podSelector")) is not null).ToList();
        var leaving = policies.SelectMany(p => Rules(
            p, "egress", "to").Select(r => (From: Selected(p.Map("spec")!.Map("podSelector"))!, To: r.Peer, r.Port))).ToHashSet();
        var coming = policies.SelectMany(p => Rules(p, "ingress", "from")
            .Select(r => (From: r.Peer, To: Selected(p.Map("spec")!.Map("podSelector"))!, r.Port))).ToHashSet();
        var edges = graph.Workloads.SelectMany(w => w.Edges.Select(e => (From: w.Name, To: e.Target, e.Port))).ToHashSet();
        var names = graph.Workloads.Select(w => w.Name).ToHashSet();
        Assert.Equal(edges.Order(), leaving.Order());
        // Prometheus, which reads metrics, is outside of the graph.
        Assert.Equal(edges.Order(), coming.Where(c => names.Contains(c.From)).Order());
    });

    [Fact]
    public void EveryEdgeMayCall_AndNobodyElse()
    {
        using var access = new AccessOfGraph();
        ForAll((graph, objects) =>
        {
            foreach (var (service, caller) in graph.Workloads.Where(w => w.ChecksCallers)
                .SelectMany(s => graph.Workloads.Where(w => w != s).Select(w => (s, w))))
            {
                var isEdge = caller.Edges.Any(e => e.Target == service.Name);
                var isNarrowed = service.Annotations.All<AccessAnnotation>().Any(a => a.Caller == caller.Resource);
                Assert.Equal(isEdge ? isNarrowed ? 1 : 2 : 0, access.CountAllowedAsync(caller, service).GetAwaiter().GetResult());
                Assert.Equal(isEdge, caller.TokensFor.Contains(service.Name));
            }

            // Every service that is called checks its callers.
            Assert.All(graph.Workloads.SelectMany(w => w.Edges), edge =>
                Assert.Contains(graph.Workloads, w => w.Name == edge.Target && w.ChecksCallers));
        });
    }

    private static void ForAll(Action<EnvironmentGraph, IReadOnlyList<YamlMap>> holds) => Prop.ForAll(
        Graphs().ToArbitrary(),
        shape => Assert.All(s_rendered.GetOrAdd($"{shape}", _ => Render(shape)), r => holds(r.Graph, r.Objects)))
        .Check(s_config);

    private static IReadOnlyList<(EnvironmentGraph Graph, IReadOnlyList<YamlMap> Objects)> Render(Shape shape)
    {
        var model = shape.Create().Model;
        return
        [
            .. model.Environments.Select(e => (
                EnvironmentGraph.Read(model, EnvironmentFacts.Of(e), new()), model.Render(e.Name).Objects)),
        ];
    }

    private static Gen<Shape> Graphs() =>
        from count in Gen.Choose(1, 8)
        from kinds in Gen.Choose(0, 5).ArrayOf(count)
        from calls in Gen.Choose(0, 100).ArrayOf(count * count)
        select new Shape(kinds, calls);

    private static IEnumerable<(string Peer, int Port)> Rules(YamlMap policy, string direction, string peers) =>
        from rule in policy.Map("spec")!.List(direction)?.Cast<YamlMap>() ?? []
        from peer in rule.List(peers)?.Cast<YamlMap>() ?? []
        from port in rule.List("ports")!.Cast<YamlMap>()
        select (Selected(peer.Map("podSelector"))!, int.Parse(
            port.Text("port")!, System.Globalization.CultureInfo.InvariantCulture));

    private static string? Selected(YamlMap? selector) => selector?.Map("matchLabels")?.Text(NameLabel);

    private static YamlMap? Selector(YamlMap one) => one.Text("kind") switch
    {
        "Service" => one.Map("spec")!.Map("selector"),
        "Deployment" or "StatefulSet" or "PodDisruptionBudget" => one.Map("spec")!.Map("selector")!.Map("matchLabels"),
        "NetworkPolicy" => one.Map("spec")!.Map("podSelector")!.Map("matchLabels"),
        _ => null,
    };

    private static YamlMap? Template(YamlMap one) => one.Text("kind") switch
    {
        "Deployment" or "StatefulSet" or "Job" => one.Map("spec")!.Map("template"),
        "CronJob" => one.Map("spec")!.Map("jobTemplate")!.Map("spec")!.Map("template"),
        _ => null,
    };

    private static IEnumerable<(string? Kind, string? Name)> References(YamlMap one)
    {
        if (Template(one)?.Map("spec") is { } pod)
        {
            yield return ("ServiceAccount", pod.Text("serviceAccountName"));
            foreach (var volume in pod.List("volumes")?.Cast<YamlMap>() ?? [])
            {
                if (volume.Map("configMap") is { } files)
                {
                    yield return ("ConfigMap", files.Text("name"));
                }
            }

            foreach (var source in pod.List("containers")!.Cast<YamlMap>()
                .SelectMany(c => c.List("envFrom")?.Cast<YamlMap>() ?? []))
            {
                yield return ("ConfigMap", source.Map("configMapRef")!.Text("name"));
            }
        }

        if (one.Text("kind") == "StatefulSet")
        {
            yield return ("Service", one.Map("spec")!.Text("serviceName"));
        }

        if (one.Text("kind") == "HorizontalPodAutoscaler")
        {
            yield return (
                one.Map("spec")!.Map("scaleTargetRef")!.Text("kind"), one.Map("spec")!.Map("scaleTargetRef")!.Text("name"));
        }

        if (one.Text("kind") == "ConfigMap")
        {
            // http://name:port in a setting is a Service
            foreach (var (_, value) in one.Map("data") ?? [])
            {
                if (Uri.TryCreate(((YamlScalar)value).Text, UriKind.Absolute, out var address) && address.Host.Length > 0)
                {
                    yield return ("Service", address.Host);
                }
            }
        }
    }

    /// <summary>A graph by numbers, so that a counterexample can be read.</summary>
    private sealed record Shape(int[] Kinds, int[] Calls)
    {
        public override string ToString() => $"{string.Join(',', Kinds)}; {string.Join(',', Calls)}";

        public TestGraph Create()
        {
            var graph = new TestGraph();
            graph.AddEnvironment("dev", context: "dev");
            graph.AddEnvironment("prod", context: "prod", registry: "registry.example.org");
            var services = new List<IResourceBuilder<ProjectResource>>();
            for (var i = 0; i < Kinds.Length; i++)
            {
                var service = Kinds[i] switch
                {
                    0 => graph.AddWeb($"r{i}"),
                    1 => graph.AddService($"r{i}").WithStableIdentity(),
                    2 => graph.AddWeb($"r{i}").WithAutoscaling(1, 3).In("prod", r => r.WithEnvironment("A", "1")),
                    3 => graph.AddWeb($"r{i}").PublishAsCronJob("0 0 * * *"),
                    4 => graph.AddService($"r{i}").OnlyIn(["prod"]),
                    _ => graph.AddService($"r{i}"),
                };
                for (var j = 0; j < i; j++)
                {
                    if (Calls[(i * Kinds.Length) + j] > 60)
                    {
                        service.WithReference(services[j]);
                        if (Calls[(i * Kinds.Length) + j] > 85)
                        {
                            services[j].WithAccess(service, $"{AccessOfGraph.Narrowed}*");
                        }
                    }
                }

                services.Add(service);
            }

            return graph;
        }
    }
}
