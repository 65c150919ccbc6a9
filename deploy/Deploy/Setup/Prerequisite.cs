using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>
/// What has to be in the cluster before anything can work, and is not made by an apply: the namespace, PriorityClasses (without
/// them a pod is refused) and the keys of Secrets (without them a pod never starts). <c>setup</c> and <c>secrets</c> make them.
/// </summary>
internal static class Prerequisite
{
    private static readonly ResourceKind s_class = new("scheduling.k8s.io", "PriorityClass");

    /// <summary>Says that there is no namespace, as the API answers "nothing" for one that doesn't exist.</summary>
    /// <param name="options">Those that name the environment, for the command that makes it: <c>--env dev</c>.</param>
    public static async Task CheckNamespaceAsync(IClusterClient cluster, string options, CancellationToken cancellationToken)
    {
        var query = ObjectQuery.Of(ResourceKind.Namespace.Named(cluster.Target.Namespace));
        if ((await cluster.GetAsync(query, cancellationToken)).Count == 0)
        {
            throw NoNamespace(cluster.Target, options);
        }
    }

    /// <summary>Says what is missing of what rendered objects need, all of it at once.</summary>
    /// <param name="options">Those that name the environment, for the commands that make it: <c>--env dev</c>.</param>
    /// <exception cref="DeployException">Something is missing.</exception>
    public static async Task CheckAsync(
        IClusterClient cluster, string options, IReadOnlyList<YamlMap> objects, CancellationToken cancellationToken)
    {
        var secrets = SecretNeeds.Of(objects);
        List<string> classes = [.. objects.Select(PodOf).Select(p => p?.Text("priorityClassName")).OfType<string>()
            .Where(c => !c.StartsWith("system-", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        List<ObjectKey> wanted =
        [
            ResourceKind.Namespace.Named(cluster.Target.Namespace), .. secrets.Keys.Select(ResourceKind.Secret.Named),
            .. classes.Select(s_class.Named),
        ];

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
        var (target, there) = (cluster.Target, (await cluster.GetAsync(query, cancellationToken)).ToLookup(ObjectKey.Of));
        if (IsMissing(ResourceKind.Namespace.Named(target.Namespace)))
        {
            throw NoNamespace(target, options);
        }

        var missing = new List<string>();
        foreach (var (secret, keys) in secrets.Where(s => !unreadable.Contains(ResourceKind.Secret)))
        {
            var one = there[ResourceKind.Secret.Named(secret)].FirstOrDefault();
            var lacking = keys.Where(k => one?.Map("data")?[k] is null).ToList();
            if (one is null || lacking.Count > 0)
            {
                missing.Add(
                    $"Secret '{secret}' in namespace '{target.Namespace}' {(one is null ? "does not exist" : "lacks keys")}"
                        + (lacking.Count == 0 ? "" : $"{(one is null ? "; keys" : "")}: {string.Join(", ", lacking)}")
                        + (keys.Count == 0
                            ? ". Create it: it isn't one that `secrets` makes."
                            : $". Set them with `secrets set {options}`."));
            }
        }

        missing.AddRange(classes.Where(c => IsMissing(s_class.Named(c)))
            .Select(c => $"The cluster has no PriorityClass '{c}'. Run `setup {options}`, which makes it."));
        if (missing.Count > 0)
        {
            throw new DeployException(string.Join('\n', missing));
        }

        bool IsMissing(ObjectKey key) => !unreadable.Contains(key.ResourceKind) && !there.Contains(key);
    }

    private static ClusterException NoNamespace(ClusterTarget target, string options) => new(
        ClusterErrorReason.NamespaceNotFound,
        $"Context '{target.Context}' has no namespace '{target.Namespace}'. Run `setup {options}`, which makes it.");

    private static YamlMap? PodOf(YamlMap one) => one.Text("kind") switch
    {
        "Pod" => one.Map("spec"),
        "CronJob" => one.Map("spec")?.Map("jobTemplate")?.Map("spec")?.Map("template")?.Map("spec"),
        _ => one.Map("spec")?.Map("template")?.Map("spec"),
    };
}

/// <summary>Which Secrets, and which keys of them, rendered objects read.</summary>
internal static class SecretNeeds
{
    /// <summary>Secret to keys; no keys: it has to exist. Those that are marked optional are left out.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Of(IEnumerable<YamlMap> objects)
    {
        var needs = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var one in objects)
        {
            one.Visit((field, value) => Read(field, value, needs));
        }

        return needs.ToDictionary(n => n.Key, n => (IReadOnlySet<string>)n.Value);
    }

    // env[].valueFrom.secretKeyRef: {name, key}   envFrom[].secretRef: {name}   volumes[].secret: {secretName, items: [{key}]}
    // imagePullSecrets: [{name}]
    private static void Read(string field, YamlNode value, SortedDictionary<string, SortedSet<string>> needs)
    {
        if (field == "imagePullSecrets" && value is YamlList pulls)
        {
            foreach (var pull in pulls.OfType<YamlMap>())
            {
                Add(pull.Text("name"), []);
            }
        }
        else if (value is YamlMap reference && reference.Text("optional") != "true")
        {
            switch (field)
            {
                case "secretKeyRef":
                    Add(reference.Text("name"), [reference.Text("key") ?? ""]);
                    break;
                case "secretRef":
                    Add(reference.Text("name"), []);
                    break;
                case "secret":
                    Add(reference.Text("secretName") ?? reference.Text("name"), (reference.List("items") ?? []).OfType<YamlMap>()
                        .Select(i => i.Text("key") ?? ""));
                    break;
            }
        }

        void Add(string? secret, IEnumerable<string> keys)
        {
            if (secret is not null)
            {
                (needs.TryGetValue(secret, out var known) ? known : needs[secret] = new(StringComparer.Ordinal)).UnionWith(keys);
            }
        }
    }
}
