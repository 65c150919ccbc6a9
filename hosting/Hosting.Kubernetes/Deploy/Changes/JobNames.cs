using System.Security.Cryptography;
using System.Text;
using MonoRepo.Hosting.Kubernetes.Lowering;
using MonoRepo.Hosting.Kubernetes.Output;

namespace MonoRepo.Hosting.Kubernetes.Deploy.Changes;

/// <summary>
/// A Job cannot change, so it is named by its content. The name that publish gives covers the graph; pins and people's patches come
/// later, and a new image has to run as well: what is applied is named by all of it.
/// </summary>
public static class JobNames
{
    private const int Length = 10;

    /// <summary>The objects, Jobs with their final names.</summary>
    public static IReadOnlyList<YamlMap> Complete(IReadOnlyList<YamlMap> objects) => [.. objects.Select(Complete)];

    private static YamlMap Complete(YamlMap one)
    {
        // migrate-6688c82e3f, with the annotation monorepo/version: 6688c82e3f
        var version = one.Map("metadata")?.Map("annotations")?.Text(Marks.Version);
        if (one.Text("kind") != "Job" || version is null || one.Map("metadata")!.Text("name") is not { } name || !name.EndsWith(version, StringComparison.Ordinal))
        {
            return one;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(YamlWriter.ToText(one.Map("spec")!) + name)))[..Length];
        var named = (YamlMap)one.Clone();
        named.Map("metadata")!["name"] = new YamlScalar(name[..^version.Length] + hash);
        return named;
    }
}
