using System.Collections.Concurrent;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Where the API serves a kind.</summary>
/// <param name="GroupVersion"><c>apps/v1</c>, or <c>v1</c> of the core group.</param>
/// <param name="Plural">Name in paths: <c>deployments</c>.</param>
internal sealed record ApiResource(string GroupVersion, string Plural, bool IsNamespaced)
{
    /// <summary>Path of all objects, or of one; without a namespace, in all namespaces.</summary>
    public string Path(string? @namespace, string? name = null) =>
        $"{(GroupVersion.Contains('/', StringComparison.Ordinal) ? "apis" : "api")}/{GroupVersion}/"
        + (IsNamespaced && @namespace is not null ? $"namespaces/{@namespace}/" : "") + Plural +
        (name is null ? "" : $"/{Uri.EscapeDataString(name)}");
}

/// <summary>
/// Where the API serves kinds. Kinds of Kubernetes itself, and of the operators whose objects are published here, are known; for
/// others the API is asked, once per group.
/// </summary>
/// <param name="get">Reads a path of the API; null: there is no such path.</param>
internal sealed class ApiResources(Func<string, CancellationToken, Task<YamlMap?>> get)
{
    // group version, then kinds with their plurals; * marks kinds outside of namespaces
    private const string Known = """
        v1 ConfigMap configmaps, Secret secrets, Service services, Pod pods, Event events, Endpoints endpoints, ServiceAccount serviceaccounts
        v1 PersistentVolumeClaim persistentvolumeclaims, ResourceQuota resourcequotas, LimitRange limitranges
        v1 *Namespace namespaces, *Node nodes, *PersistentVolume persistentvolumes
        apps/v1 Deployment deployments, StatefulSet statefulsets, DaemonSet daemonsets, ReplicaSet replicasets, ControllerRevision controllerrevisions
        batch/v1 Job jobs, CronJob cronjobs
        autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers
        policy/v1 PodDisruptionBudget poddisruptionbudgets
        networking.k8s.io/v1 NetworkPolicy networkpolicies, Ingress ingresses, *IngressClass ingressclasses
        events.k8s.io/v1 Event events
        authentication.k8s.io/v1 *SelfSubjectReview selfsubjectreviews
        discovery.k8s.io/v1 EndpointSlice endpointslices
        rbac.authorization.k8s.io/v1 Role roles, RoleBinding rolebindings, *ClusterRole clusterroles, *ClusterRoleBinding clusterrolebindings
        scheduling.k8s.io/v1 *PriorityClass priorityclasses
        storage.k8s.io/v1 *StorageClass storageclasses
        apiextensions.k8s.io/v1 *CustomResourceDefinition customresourcedefinitions
        admissionregistration.k8s.io/v1 *ValidatingWebhookConfiguration validatingwebhookconfigurations
        admissionregistration.k8s.io/v1 *MutatingWebhookConfiguration mutatingwebhookconfigurations
        monitoring.coreos.com/v1 Prometheus prometheuses, Alertmanager alertmanagers, PrometheusRule prometheusrules
        monitoring.coreos.com/v1 PodMonitor podmonitors, ServiceMonitor servicemonitors, Probe probes
        monitoring.coreos.com/v1alpha1 AlertmanagerConfig alertmanagerconfigs
        grafana.integreatly.org/v1beta1 Grafana grafanas, GrafanaDashboard grafanadashboards, GrafanaDatasource grafanadatasources
        gateway.networking.k8s.io/v1 HTTPRoute httproutes, GRPCRoute grpcroutes, Gateway gateways
        """;

    private static readonly Dictionary<ResourceKind, ApiResource> s_known = ReadKnown();

    private readonly ConcurrentDictionary<string, Task<IReadOnlyDictionary<string, ApiResource>>> _versions = [];
    private readonly ConcurrentDictionary<string, Task<IReadOnlyList<string>>> _groups = [];

    /// <summary>Whether objects of a kind are in namespaces; of kinds that aren't known, they are.</summary>
    public static bool IsNamespaced(ResourceKind kind) => s_known.GetValueOrDefault(kind)?.IsNamespaced ?? true;

    /// <summary>Where a kind is served; null: the cluster doesn't have it.</summary>
    /// <param name="apiVersion">The group and version that an object states; null: the one that the API prefers.</param>
    public async Task<ApiResource?> FindAsync(ResourceKind kind, string? apiVersion, CancellationToken cancellationToken)
    {
        if (s_known.TryGetValue(kind, out var known))
        {
            return apiVersion is null ? known : known with { GroupVersion = apiVersion };
        }

        // The version that a group prefers may not have the kind: monitoring.coreos.com/v1 has no AlertmanagerConfig.
        foreach (var version in apiVersion is null
            ? await _groups.GetOrAdd(kind.Group, g => GroupAsync(g, cancellationToken))
            : [apiVersion])
        {
            if ((await _versions.GetOrAdd(version, v => VersionAsync(v, cancellationToken))).TryGetValue(
                kind.Kind, out var found))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Forgets what was read: definitions of new kinds were applied.</summary>
    public void Forget()
    {
        _versions.Clear();
        _groups.Clear();
    }

    // {"kind": "APIGroup", "name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}], "preferredVersion": {…}};
    // the preferred one comes first.
    private async Task<IReadOnlyList<string>> GroupAsync(string group, CancellationToken cancellationToken)
    {
        if (group.Length == 0)
        {
            return ["v1"];
        }

        var found = await get($"apis/{group}", cancellationToken);
        var preferred = found?.TextAt("preferredVersion", "groupVersion");
        return [.. (found?.ItemsAt("versions") ?? []).Select(v => v.Text("groupVersion")).Prepend(preferred).OfType<string>()
            .Distinct()];
    }

    // {"kind": "APIResourceList", "resources": [{"name": "things", "kind": "Thing", "namespaced": true}, {"name":
    // "things/status", …}]}
    private async Task<IReadOnlyDictionary<string, ApiResource>> VersionAsync(
        string groupVersion, CancellationToken cancellationToken)
    {
        var path = (groupVersion.Contains('/', StringComparison.Ordinal) ? "apis/" : "api/") + groupVersion;
        var list = await get(path, cancellationToken);
        return (list?.ItemsAt("resources") ?? []).Where(r => r.Text("name")?.Contains('/', StringComparison.Ordinal) == false)
            .DistinctBy(r => r.Text("kind")).ToDictionary(
                r => r.Text("kind")!, r => new ApiResource(groupVersion, r.Text("name")!, r.IsTrue("namespaced")));
    }

    private static Dictionary<ResourceKind, ApiResource> ReadKnown()
    {
        var known = new Dictionary<ResourceKind, ApiResource>();
        foreach (var line in Known.Split('\n'))
        {
            var (groupVersion, kinds) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
            foreach (var words in kinds.Split(", ").Select(k => k.Split(' ')))
            {
                known.Add(
                    new(ResourceKind.GroupOf(groupVersion), words[0].TrimStart('*')),
                    new(groupVersion, words[1], words[0][0] != '*'));
            }
        }

        return known;
    }
}
