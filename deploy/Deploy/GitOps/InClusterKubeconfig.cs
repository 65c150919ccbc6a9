using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.GitOps;

/// <summary>
/// What a pod knows of its cluster, as a kubeconfig with the environment's context: everything that names context and namespace works
/// in a pod as it does on a desk. The token stays in its file, which the kubelet renews.
/// </summary>
public static class InClusterKubeconfig
{
    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Its text; null outside of a pod.</summary>
    public static string? For(KubectlTarget target)
    {
        if (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host)
        {
            return null;
        }

        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") ?? "443";
        var address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return YamlWriter.ToText(new YamlMap()
            .Add("apiVersion", "v1")
            .Add("kind", "Config")
            .Add("current-context", target.Context)
            .Add("clusters", Named("in-cluster", "cluster", new YamlMap().Add("server", $"https://{address}:{port}").Add("certificate-authority", $"{Account}/ca.crt")))
            .Add("users", Named("deployer", "user", new YamlMap().Add("tokenFile", $"{Account}/token")))
            .Add("contexts", Named(target.Context, "context", new YamlMap().Add("cluster", "in-cluster").Add("user", "deployer").Add("namespace", target.Namespace))));
    }

    private static YamlList Named(string name, string kind, YamlMap value) => new([new YamlMap().Add("name", name).Add(kind, value)]);
}
