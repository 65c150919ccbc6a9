using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// What publish wrote for an environment: the base and the overlay's <c>settings</c>, put together as kustomize does it, before
/// pins, patches, registry, hashed names and namespace.
/// </summary>
internal sealed class PublishedOverlay
{
    private readonly ManifestTree _tree;
    private readonly Dictionary<ObjectKey, YamlMap> _objects = [];
    private readonly HashSet<string> _hashed = [];

    private PublishedOverlay(ManifestTree tree, string environment)
    {
        _tree = tree;
        var overlay = Kustomization(Layout.Overlay(environment));
        Namespace = overlay.Text("namespace") ?? environment;
        NewNames = (overlay.List("images") ?? []).OfType<YamlMap>().ToDictionary(i => i.Text("name")!, i => i.Text("newName")!);
        Jobs = (overlay.List("replacements") ?? []).OfType<YamlMap>().Select(r => r.Map("source")!.Text("name")!).ToHashSet();
        Add(Layout.Base);
        Add(Layout.Settings(environment));
    }

    public string Namespace { get; }

    /// <summary>Images that are built here to what the environment's registry calls them; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> NewNames { get; }

    /// <summary>Jobs that are named by their content: see <see cref="JobNames"/>.</summary>
    public IReadOnlySet<string> Jobs { get; }

    /// <summary>ConfigMaps whose names get a content hash.</summary>
    public IReadOnlySet<string> HashedConfigMaps => _hashed;

    public List<YamlMap> Objects => [.. _objects.Values];

    /// <exception cref="DeployException">It isn't published, or its files cannot be read.</exception>
    public static PublishedOverlay Read(ManifestTree tree, string environment)
    {
        if (tree.Find($"{Layout.Overlay(environment)}/{Layout.Kustomization}") is null)
        {
            var published = tree.Environments;
            throw new DeployException(
                $"'{environment}' isn't published in {Path.GetFileName(tree.Root)}: " +
                $"{(published.Count == 0 ? "no environment is" : $"there are {string.Join(", ", published)}")}. "
                + "Run `dotnet run --project AppHost -- publish`.");
        }

        return new(tree, environment);
    }

    private void Add(string folder)
    {
        var kustomization = Kustomization(folder);
        foreach (var one in Documents(folder, Texts(kustomization.List("resources"))))
        {
            _objects.Add(ObjectKey.Of(one), one);
        }

        var labels = kustomization.Map("generatorOptions")?.Map("labels");
        foreach (var generator in (kustomization.List("configMapGenerator") ?? []).OfType<YamlMap>())
        {
            Generate(folder, generator, labels);
        }

        foreach (var patch in Documents(
            folder, (kustomization.List("patches") ?? []).OfType<YamlMap>().Select(p => p.Text("path")!)))
        {
            if (!_objects.TryGetValue(ObjectKey.Of(patch), out var target))
            {
                throw new DeployException(
                    $"{folder}: a patch is for {patch.Text("kind")} '{patch.Map("metadata")?.Text("name")}', which isn't " +
                    "there. Run `dotnet run --project AppHost -- publish`.");
            }

            if (!StrategicMerge.Apply(target, patch))
            {
                _objects.Remove(ObjectKey.Of(patch));
            }
        }
    }

    /// <summary>
    /// One entry of <c>configMapGenerator</c>: a ConfigMap of lines or files, new or merged into or in place of the base's.
    /// </summary>
    private void Generate(string folder, YamlMap generator, YamlMap? commonLabels)
    {
        var name = generator.Text("name")!;
        var options = generator.Map("options");
        var behavior = generator.Text("behavior");
        var data = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var configMap = ResourceKind.ConfigMap.Named(name);
        if (behavior == "merge" && _objects.TryGetValue(configMap, out var base_))
        {
            foreach (var (key, value) in base_.Map("data") ?? [])
            {
                data[key] = ((YamlScalar)value).Text;
            }
        }

        foreach (var path in Texts(generator.List("envs")))
        {
            foreach (var (key, value) in SettingsFile.Read(_tree.Read($"{folder}/{path}")))
            {
                data[key] = value;
            }
        }

        foreach (var path in Texts(generator.List("files")))
        {
            data[path[(path.LastIndexOf('/') + 1)..]] = _tree.Read($"{folder}/{path}");
        }

        if (options?.Text("disableNameSuffixHash") != "true")
        {
            _hashed.Add(name);
        }

        var metadata = new YamlMap().Add("name", name).Add("labels", Merged(commonLabels, options?.Map("labels")));
        if (options?.Map("annotations") is { } annotations)
        {
            metadata.Add("annotations", annotations.Clone());
        }

        _objects[configMap] = new YamlMap().Add(
            "apiVersion", "v1").Add("kind", "ConfigMap").Add("metadata", metadata).Add("data", YamlMap.Of(data));
    }

    private YamlMap Kustomization(string folder) =>
        Parse($"{folder}/{Layout.Kustomization}") is [YamlMap kustomization]
        ? kustomization
        : throw new DeployException($"{folder}/{Layout.Kustomization} isn't a kustomization.");

    /// <summary>The objects of files, which are read on all cores.</summary>
    private IEnumerable<YamlMap> Documents(string folder, IEnumerable<string> files) =>
        files.AsParallel().AsOrdered().Select(f => Parse($"{folder}/{f}")).ToList().SelectMany(d => d).Cast<YamlMap>();

    private IReadOnlyList<YamlNode> Parse(string path) =>
        YamlReader.ReadAll(_tree.Read(path), path, " Run `dotnet run --project AppHost -- publish`.");

    private static YamlMap Merged(params YamlMap?[] maps)
    {
        var merged = new YamlMap();
        foreach (var (key, value) in maps.SelectMany(m => m ?? []).OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            merged[key] = value;
        }

        return merged;
    }

    private static IEnumerable<string> Texts(YamlList? list) => (list ?? []).OfType<YamlScalar>().Select(s => s.Text);
}
