using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>
/// What has to be in the cluster before anything can work, and is not made by an apply: the namespace, PriorityClasses (without
/// them a pod is refused) and the keys of Secrets (without them a pod never starts). <c>setup</c> and <c>secrets</c> make them.
/// </summary>
internal sealed class Prerequisite
{
    private readonly IReadOnlyDictionary<string, IReadOnlySet<string>> _secrets;
    private readonly IReadOnlyList<string> _classes;

    private Prerequisite(IReadOnlyList<YamlMap> objects)
    {
        _secrets = SecretNeeds.Of(objects);
        _classes = [.. objects.Select(PodOf).Select(p => p?.Text("priorityClassName")).OfType<string>()
            .Where(c => !c.StartsWith("system-", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Says what is missing of what rendered objects need, all of it at once.</summary>
    /// <exception cref="DeployException">Something is missing.</exception>
    public static async Task CheckAsync(
        IClusterClient cluster, string environment, IReadOnlyList<YamlMap> objects, CancellationToken cancellationToken)
    {
        var prerequisite = new Prerequisite(objects);
        var wanted = prerequisite.Objects(cluster.Target.Namespace);

        // Who may only work in the namespace, or not read Secrets, isn't kept from applying: what can't be seen is taken as
        // there.
        var unreadable = new HashSet<ResourceKind>();
        var query = ObjectQuery.Of(wanted) with
        {
            Unreadable = (kind, _) =>
            {
                lock (unreadable)
                {
                    unreadable.Add(kind);
                }
            },
        };
        var found = await cluster.GetAsync(query, cancellationToken).ConfigureAwait(false);
        prerequisite.ThrowIfMissing(
            [.. wanted.Where(w => !unreadable.Contains(w.ResourceKind))], found, cluster.Target, environment);
    }

    private IReadOnlyList<ObjectKey> Objects(string @namespace) =>
    [
        new("", "Namespace", @namespace),
        .. _secrets.Keys.Select(s => new ObjectKey("", "Secret", s)),
        .. _classes.Select(c => new ObjectKey("scheduling.k8s.io", "PriorityClass", c)),
    ];

    private void ThrowIfMissing(
        IReadOnlyList<ObjectKey> visible, IReadOnlyList<YamlMap> found, ClusterTarget target, string environment)
    {
        var there = found.ToLookup(ObjectKey.Of);
        if (IsMissing(new("", "Namespace", target.Namespace)))
        {
            throw new ClusterException(
                ClusterErrorReason.NamespaceNotFound,
                $"Context '{target.Context}' has no namespace '{target.Namespace}'. Run `setup --env {environment}`, which " +
                "makes it.");
        }

        var missing = new List<string>();
        foreach (var (secret, keys) in _secrets.Where(s => visible.Contains(new("", "Secret", s.Key))))
        {
            var one = there[new("", "Secret", secret)].FirstOrDefault();
            var lacking = keys.Where(k => one?.Map("data")?[k] is null).ToList();
            if (one is null || lacking.Count > 0)
            {
                missing.Add(
                    $"Secret '{secret}' in namespace '{target.Namespace}' {(one is null ? "does not exist" : "lacks keys")}"
                        + (lacking.Count == 0 ? "" : $"{(one is null ? "; keys" : "")}: {string.Join(", ", lacking)}")
                        + (keys.Count == 0
                            ? ". Create it: it isn't one that `secrets` makes."
                            : $". Set them with `secrets set --env {environment}`."));
            }
        }

        missing.AddRange(_classes.Where(c => IsMissing(new("scheduling.k8s.io", "PriorityClass", c)))
            .Select(c => $"The cluster has no PriorityClass '{c}'. Run `setup --env {environment}`, which makes it."));
        if (missing.Count > 0)
        {
            throw new DeployException(string.Join('\n', missing));
        }

        bool IsMissing(ObjectKey key) => visible.Contains(key) && !there.Contains(key);
    }

    private static YamlMap? PodOf(YamlMap one) => one.Text("kind") switch
    {
        "Pod" => one.Map("spec"),
        "CronJob" => one.Map("spec")?.Map("jobTemplate")?.Map("spec")?.Map("template")?.Map("spec"),
        _ => one.Map("spec")?.Map("template")?.Map("spec"),
    };
}
