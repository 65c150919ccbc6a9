using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>
/// The namespace with its Pod Security labels. It is beside the overlay rather than in it: <c>setup</c> makes it, an environment
/// holds nothing that is cluster-wide. Aspirate reads the namespace's name from this file.
/// </summary>
internal static class NamespaceFile
{
    public static string Write(string name, string application) =>
        Layout.GeneratedHeader + YamlWriter.ToText(Object(name, application));

    public static YamlMap Object(string name, string application)
    {
        var labels = KubernetesLabels.Labels(KubernetesLabels.Environment, application);
        foreach (var mode in new[] { "enforce", "audit", "warn" })
        {
            labels[$"pod-security.kubernetes.io/{mode}"] = "restricted";
        }

        return ModelSerializer.ToMap(new Namespace(new(name, labels)));
    }
}
