using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Images;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Comparison;

/// <summary>Environments side by side, as git says they should be: no cluster is asked.</summary>
/// <param name="Environments">The environments.</param>
/// <param name="Pins">Digest of every image.</param>
/// <param name="Replicas">Replicas of every resource: a number, or <c>min..max</c> by load.</param>
/// <param name="Settings">Fields of objects in which they differ.</param>
public sealed record EnvironmentComparison(
    IReadOnlyList<EnvironmentSummary> Environments,
    IReadOnlyList<ComparedValue> Pins,
    IReadOnlyList<ComparedValue> Replicas,
    IReadOnlyList<ComparedValue> Settings)
{
    private static readonly string[] s_shownElsewhere = ["spec.replicas", "spec.minReplicas", "spec.maxReplicas", $"metadata.annotations.{KubernetesLabels.Version}"];

    /// <summary>Compares.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="root">Folder <c>k8s</c>, for the pins.</param>
    /// <param name="names">Environments to compare; all when empty.</param>
    public static EnvironmentComparison Of(PublishedModel model, string root, IReadOnlyCollection<string> names)
    {
        var faults = new Faults();
        var environments = model.Environments
            .Where(e => names.Count == 0 || names.Contains(e.Name, StringComparer.OrdinalIgnoreCase))
            .Select(e => Read(model, root, EnvironmentFacts.Of(e), faults)).ToList();
        faults.ThrowIfAny();
        return new(
            [.. environments.Select(e => e.Summary)],
            Rows(environments, e => e.Pins),
            Rows(environments, e => e.Replicas),
            [.. Rows(WithoutPartialObjects(environments), e => e.Settings).Where(r => r.IsDifferent)]);
    }

    /// <summary>An object that not all have is one difference, whatever is in it.</summary>
    private static List<One> WithoutPartialObjects(List<One> environments)
    {
        static string Object(string key) => key.Split(' ')[0];
        var partial = environments.SelectMany(e => e.Settings.Keys.Select(Object).Distinct()).GroupBy(o => o)
            .Where(g => g.Count() < environments.Count).Select(g => g.Key).ToHashSet();
        return [.. environments.Select(e => e with
        {
            Settings = e.Settings.GroupBy(s => partial.Contains(Object(s.Key)) ? Object(s.Key) : s.Key).ToDictionary(g => g.Key, g => partial.Contains(g.Key) ? "yes" : g.First().Value),
        })];
    }

    private static One Read(PublishedModel model, string root, EnvironmentFacts facts, Faults faults)
    {
        var graph = EnvironmentGraph.Read(model, facts, faults);
        var lowering = new GraphLowering(graph);
        var lowered = lowering.Resources.Select(r => lowering.Lower(r, faults)).OfType<LoweredResource>().ToList();
        var images = UsedImages.Of(model, facts.Name!, []);
        var digests = ImagePins.Read(root, facts.Name!).Digests;
        var target = facts.Target!;
        return new(
            new(facts.Name!, target.Context, target.Namespace, target.Registry, graph.Workloads.Count, images.Count, images.Count(i => digests.ContainsKey(i.Name))),
            images.ToDictionary(i => i.Name, i => digests.GetValueOrDefault(i.Name) ?? (i.Tag is null ? "not pinned" : $"tag {i.Tag}")),
            graph.Workloads.Where(w => w.IsServing).ToDictionary(w => w.Name, w => w.Autoscaling is { } scaling ? $"{scaling.Min}..{scaling.Max}" : $"{w.Replicas}"),
            FieldsOf(lowered));
    }

    private static Dictionary<string, string> FieldsOf(IEnumerable<LoweredResource> resources)
    {
        var settings = new Dictionary<string, string>();
        foreach (var resource in resources)
        {
            foreach (var one in resource.Objects)
            {
                var subject = $"{one.Text("kind")}/{one.Map("metadata")!.Text("name")}";
                Fields(one, "", (path, value) =>
                {
                    if (!s_shownElsewhere.Contains(path))
                    {
                        settings[$"{subject} {path}"] = value;
                    }
                });
            }

            foreach (var source in resource.ConfigMaps)
            {
                foreach (var (key, value) in source.Data)
                {
                    settings[$"ConfigMap/{source.Name} {key}"] = source.IsSettings ? value : $"{value.Length} characters";
                }
            }
        }

        return settings;
    }

    // spec.template.spec.containers[server].resources.limits.memory
    private static void Fields(YamlNode node, string path, Action<string, string> add)
    {
        switch (node)
        {
            case YamlMap map:
                // The name of an item is in its path.
                map.Where(e => e.Key != "name" || !path.EndsWith(']')).ToList().ForEach(e => Fields(e.Value, path.Length == 0 ? e.Key : $"{path}.{e.Key}", add));
                break;
            case YamlList list:
                for (var i = 0; i < list.Count; i++)
                {
                    Fields(list[i], $"{path}[{(list[i] as YamlMap)?.Text("name") ?? $"{i}"}]", add);
                }

                break;
            case YamlScalar scalar:
                add(path, scalar.Text);
                break;
        }
    }

    private static List<ComparedValue> Rows(List<One> environments, Func<One, Dictionary<string, string>> values) =>
        [.. environments.SelectMany(e => values(e).Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(subject => new ComparedValue(subject, environments.ToDictionary(e => e.Summary.Name, e => values(e).GetValueOrDefault(subject))))];

    private sealed record One(EnvironmentSummary Summary, Dictionary<string, string> Pins, Dictionary<string, string> Replicas, Dictionary<string, string> Settings);
}
