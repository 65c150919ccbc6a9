using System.Security.Cryptography;
using System.Text;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>
/// Hash of a workload's own content: an annotation of its metadata, never of its template, so that it tells versions apart and
/// rolls nothing. A Job's covers its settings and files as well: see <see cref="JobNames"/>.
/// </summary>
internal static class ContentVersion
{
    private const int Length = 10;

    public static string Stamp(Workload workload, IReadOnlyList<YamlMap> objects, IEnumerable<ConfigMapSource> configMaps)
    {
        var main = MainObject(workload, objects);
        var text = new StringBuilder();
        Append(main, text);
        if (workload.Kind == WorkloadKind.Job)
        {
            foreach (var (key, value) in configMaps.SelectMany(c => c.Data))
            {
                text.Append(key).Append('\0').Append(value).Append('\0');
            }
        }

        var version = Hash(text);
        main.Map("metadata")!.Map("annotations")!.Add(KubernetesLabels.Version, version);
        return version;
    }

    /// <summary>The Deployment, StatefulSet, Job or CronJob of a workload.</summary>
    public static YamlMap MainObject(Workload workload, IEnumerable<YamlMap> objects) =>
        objects.First(o => o.Text("kind") == workload.Kind.ToString() && o.Map("metadata")!.Text("name") == workload.Name);

    private static string Hash(StringBuilder text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];

    // {key value …} and [item …], each value ended: no two contents give the same text.
    private static void Append(YamlNode node, StringBuilder text)
    {
        switch (node)
        {
            case YamlMap map:
                text.Append('{');
                foreach (var (key, value) in map)
                {
                    text.Append(key).Append('\0');
                    Append(value, text);
                }

                text.Append('}');
                break;
            case YamlList list:
                text.Append('[');
                foreach (var item in list)
                {
                    Append(item, text);
                }

                text.Append(']');
                break;
            default:
                text.Append(((YamlScalar)node).Text).Append('\0');
                break;
        }
    }
}
