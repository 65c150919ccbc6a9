using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// Where kustomize's namespace transformer writes: every object, and the ServiceAccounts of the tree that a RoleBinding names.
/// </summary>
internal static class NamespaceFields
{
    public static void Set(IReadOnlyList<YamlMap> objects, string value)
    {
        var accounts = objects.Where(o => o.Text("kind") == "ServiceAccount").Select(Name).ToHashSet();
        foreach (var one in objects)
        {
            one.Map("metadata")!["namespace"] = new YamlScalar(value);
            foreach (var subject in (one["subjects"] as YamlList ?? []).OfType<YamlMap>()
                .Where(s => s.Text("kind") == "ServiceAccount" && accounts.Contains(s.Text("name"))))
            {
                subject["namespace"] = new YamlScalar(value);
            }
        }
    }

    private static string? Name(YamlMap one) => one.Map("metadata")?.Text("name");
}
