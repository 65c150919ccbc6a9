using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>Gives ConfigMaps their content hash and lets everything that names them follow.</summary>
internal static class ConfigMapNames
{
    /// <returns>Names before to names after.</returns>
    public static IReadOnlyDictionary<string, string> Hash(List<YamlMap> objects, IReadOnlySet<string> hashed)
    {
        var names = new Dictionary<string, string>();
        foreach (var one in objects.Where(
            o => o.Text("kind") == "ConfigMap" && hashed.Contains(o.Map("metadata")!.Text("name")!)))
        {
            var metadata = one.Map("metadata")!;
            var name = metadata.Text("name")!;
            names[name] = $"{name}-{ContentHash.Of(one)}";
            metadata["name"] = new YamlScalar(names[name]);
        }

        // envFrom[].configMapRef.name, env[].valueFrom.configMapKeyRef.name, volumes[].configMap.name, projected sources
        objects.ForEach(o => o.Visit((key, value) =>
        {
            if (key is "configMapRef" or "configMapKeyRef" or "configMap" && value is YamlMap reference
                && reference.Text("name") is { } name && names.TryGetValue(name, out var hashed))
            {
                reference["name"] = new YamlScalar(hashed);
            }
        }));
        return names;
    }
}
