using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Comparison;

/// <summary>Environments side by side, as their files say they should be: no cluster is asked.</summary>
/// <param name="Pins">Digest of every image.</param>
/// <param name="Replicas">Replicas of every resource: a number, or <c>min..max</c> by load.</param>
/// <param name="Settings">Fields of objects in which they differ.</param>
internal sealed record EnvironmentComparison(
    IReadOnlyList<EnvironmentSummary> Environments,
    IReadOnlyList<ComparedValue> Pins,
    IReadOnlyList<ComparedValue> Replicas,
    IReadOnlyList<ComparedValue> Settings)
{
    private static readonly string[] s_shownElsewhere =
    [
        "spec.replicas", "spec.minReplicas", "spec.maxReplicas", $"metadata.annotations.{KubernetesLabels.Version}",
        $"metadata.annotations.{KubernetesLabels.DependsOn}",
    ];

    /// <summary>Compares.</summary>
    public static EnvironmentComparison Create(
        ManifestTree tree, IReadOnlyList<(string Name, string Context, string Namespace, string? Registry)> environments)
    {
        var read = environments.Select(e => Read(tree, e.Name, e.Context, e.Namespace, e.Registry)).ToList();
        return new(
            [.. read.Select(e => e.Summary)],
            Rows(read, e => e.Pins),
            Rows(read, e => e.Replicas),
            [.. Rows(WithoutPartialObjects(read), e => e.Settings).Where(r => r.IsDifferent)]);
    }

    /// <summary>An object that not all have is one difference, whatever is in it.</summary>
    private static List<One> WithoutPartialObjects(List<One> environments)
    {
        static string Object(string key) => key.Split(' ')[0];
        var partial = environments.SelectMany(e => e.Settings.Keys.Select(Object).Distinct()).GroupBy(o => o)
            .Where(g => g.Count() < environments.Count).Select(g => g.Key).ToHashSet();
        return [.. environments.Select(e => e with
        {
            Settings = e.Settings.GroupBy(s => partial.Contains(Object(s.Key)) ? Object(s.Key) : s.Key).ToDictionary(
                g => g.Key, g => partial.Contains(g.Key) ? "yes" : g.First().Value),
        })];
    }

    private static One Read(ManifestTree tree, string name, string context, string @namespace, string? registry)
    {
        var renderer = new Renderer(tree);
        var objects = renderer.ReadPublished(name);
        var images = renderer.FindImages(name, []);
        var pins = ImagePins.Read(tree.Root, name);
        return new(
            new(name, context, @namespace, registry, ResourceSelection.Names(objects).Count, images.Count,
                images.Count(i => pins.Digests.ContainsKey(i.Name))),
            images.ToDictionary(i => i.Name, i => Pin(i, pins)),
            ReplicasOf(objects),
            FieldsOf(objects));
    }

    private static string Pin(UsedImage image, ImagePins pins) => pins.Digests.GetValueOrDefault(image.Name) switch
    {
        null => image.Tag is null ? "not pinned" : $"tag {image.Tag}",
        var digest when pins.FindOutdated(image) is { } tag => $"{digest} of tag {tag}, the graph has {image.Tag}",
        var digest => digest,
    };

    private static Dictionary<string, string> ReplicasOf(IReadOnlyList<YamlMap> objects)
    {
        var scaled = objects.Where(o => o.Text("kind") == "HorizontalPodAutoscaler")
            .ToDictionary(Name, o => $"{o.Map("spec")!.Text("minReplicas")}..{o.Map("spec")!.Text("maxReplicas")}");
        return objects.Where(o => o.Text("kind") is "Deployment" or "StatefulSet")
            .ToDictionary(Name, o => scaled.GetValueOrDefault(Name(o)) ?? o.Map("spec")!.Text("replicas") ?? "1");
    }

    private static Dictionary<string, string> FieldsOf(IEnumerable<YamlMap> objects)
    {
        var settings = new Dictionary<string, string>();
        foreach (var one in objects)
        {
            var subject = $"{one.Text("kind")}/{Name(one)}";
            if (one.Text("kind") == "ConfigMap")
            {
                foreach (var (key, value) in one.Map("data") ?? [])
                {
                    var text = ((YamlScalar)value).Text;
                    settings[$"{subject} {key}"] = text.Contains('\n', StringComparison.Ordinal)
                        ? $"{text.Length} characters"
                        : text;
                }

                continue;
            }

            Fields(one, "", (path, value) =>
            {
                if (!s_shownElsewhere.Contains(path))
                {
                    settings[$"{subject} {path}"] = value;
                }
            });
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
                map.Where(e => e.Key != "name" || !path.EndsWith(']')).ToList()
                    .ForEach(e => Fields(e.Value, path.Length == 0 ? e.Key : $"{path}.{e.Key}", add));
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

    private static string Name(YamlMap one) => one.Map("metadata")!.Text("name")!;

    private static List<ComparedValue> Rows(List<One> environments, Func<One, Dictionary<string, string>> values) =>
        [.. environments.SelectMany(e => values(e).Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(subject => new ComparedValue(
                subject, environments.ToDictionary(e => e.Summary.Name, e => values(e).GetValueOrDefault(subject))))];

    private sealed record One(
        EnvironmentSummary Summary, Dictionary<string, string> Pins, Dictionary<string, string> Replicas,
        Dictionary<string, string> Settings);
}

/// <summary>One thing in all environments.</summary>
/// <param name="Subject">Image, resource, or object and field.</param>
/// <param name="Values">By environment; null where it does not have it.</param>
internal sealed record ComparedValue(string Subject, IReadOnlyDictionary<string, string?> Values)
{
    /// <summary>Whether the environments differ in it.</summary>
    public bool IsDifferent => Values.Values.Distinct().Count() > 1;
}

/// <summary>An environment in a line.</summary>
/// <param name="Registry">Registry of what is built here; null: none.</param>
/// <param name="Resources">How many resources it has.</param>
/// <param name="Images">How many images they run.</param>
/// <param name="Pinned">How many of these have a digest in git.</param>
internal sealed record EnvironmentSummary(
    string Name, string Context, string Namespace, string? Registry, int Resources, int Images, int Pinned);
