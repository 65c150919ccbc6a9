using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>What an environment's overlay has to say about one resource: patches, objects of its own, other settings.</summary>
internal static class OverlayDifference
{
    public static void Write(FolderBuilder overlay, string resource, LoweredResource? common, LoweredResource? own)
    {
        overlay.Images.AddRange(own?.BuiltImages ?? []);
        if (own is { IsJob: true })
        {
            overlay.Jobs.Add(own.Name);
        }

        if (ReferenceEquals(common, own))
        {
            return;
        }

        var before = (common?.Objects ?? []).ToDictionary(Identity);
        var after = (own?.Objects ?? []).ToDictionary(Identity);
        var patches = new List<YamlMap>();
        foreach (var (identity, one) in before)
        {
            if (!after.TryGetValue(identity, out var other))
            {
                patches.Add(Deletion(one.Text("apiVersion")!, one.Text("kind")!, one.Map("metadata")!.Text("name")!));
            }
            else if (PatchDifference.Between(one, other) is { } patch)
            {
                patches.Add(patch);
            }
        }

        ConfigMaps(overlay, common?.ConfigMaps ?? [], own?.ConfigMaps ?? [], patches);
        overlay.AddPatches($"{resource}.yaml", patches);
        overlay.AddObjects($"{resource}.only.yaml", [.. after.Where(o => !before.ContainsKey(o.Key)).Select(o => o.Value)]);
    }

    private static void ConfigMaps(
        FolderBuilder overlay, IReadOnlyList<ConfigMapSource> common, IReadOnlyList<ConfigMapSource> own, List<YamlMap> patches)
    {
        foreach (var source in own)
        {
            var shared = common.FirstOrDefault(c => c.Name == source.Name);
            if (shared is null)
            {
                overlay.AddConfigMap(source, null);
            }
            else if (shared.Data.Keys.Any(k => !source.Data.ContainsKey(k)))
            {
                overlay.AddConfigMap(source, "replace");
            }
            else if (source.Data.Where(d => !shared.Data.TryGetValue(d.Key, out var value) || value != d.Value)
                .ToDictionary() is { Count: > 0 } changed)
            {
                overlay.AddConfigMap(
                    source with { Data = new SortedDictionary<string, string>(changed, StringComparer.Ordinal) }, "merge");
            }
        }

        patches.AddRange(common.Where(c => own.All(o => o.Name != c.Name)).Select(c => Deletion("v1", "ConfigMap", c.Name)));
    }

    private static YamlMap Deletion(string apiVersion, string kind, string name) =>
        new YamlMap().Add(
            "apiVersion", apiVersion).Add("kind", kind).Add("metadata", new YamlMap().Add("name", name)).Add("$patch", "delete");

    private static (string?, string?, string?) Identity(YamlMap one) =>
        (one.Text("apiVersion"), one.Text("kind"), one.Map("metadata")!.Text("name"));
}
