using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>A kind of an API group. The version doesn't count: the same object is served in several.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Kind">Kind, such as <c>Deployment</c>.</param>
internal readonly record struct ResourceKind(string Group, string Kind)
{
    public static readonly ResourceKind Pod = new("", "Pod");

    public static readonly ResourceKind ConfigMap = new("", "ConfigMap");

    public static readonly ResourceKind Secret = new("", "Secret");

    public static readonly ResourceKind Service = new("", "Service");

    public static readonly ResourceKind Event = new("", "Event");

    public static readonly ResourceKind Namespace = new("", "Namespace");

    public static readonly ResourceKind PersistentVolumeClaim = new("", "PersistentVolumeClaim");

    public static readonly ResourceKind Deployment = new("apps", "Deployment");

    public static readonly ResourceKind ReplicaSet = new("apps", "ReplicaSet");

    public static readonly ResourceKind StatefulSet = new("apps", "StatefulSet");

    /// <summary>Old templates of StatefulSets and DaemonSets.</summary>
    public static readonly ResourceKind ControllerRevision = new("apps", "ControllerRevision");

    public static readonly ResourceKind Job = new("batch", "Job");

    public static readonly ResourceKind CronJob = new("batch", "CronJob");

    /// <summary>Reads <c>Deployment.apps</c>.</summary>
    public static ResourceKind Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new("", text) : new(text[(dot + 1)..], text[..dot]);
    }

    /// <summary>The kind of an object.</summary>
    public static ResourceKind Of(YamlMap one) => new(GroupOf(one.Text("apiVersion")), one.Text("kind") ?? "");

    /// <summary>An object of this kind.</summary>
    public ObjectKey Named(string name) => new(Group, Kind, name);

    /// <summary>As kubectl writes it: <c>deployment.apps</c>.</summary>
    public override string ToString() => (Group.Length == 0 ? Kind : $"{Kind}.{Group}").ToLowerInvariant();

    // apps/v1, or v1 of the core group
    internal static string GroupOf(string? apiVersion) => apiVersion?.Split('/') is [var group, _] ? group : "";
}

/// <summary>Which object: group, kind and name.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Kind">Kind, such as <c>Deployment</c>.</param>
/// <param name="Name">Name in the namespace of the target.</param>
internal sealed record ObjectKey(string Group, string Kind, string Name)
{
    public ResourceKind ResourceKind => new(Group, Kind);

    public static ObjectKey Of(YamlMap one) => ResourceKind.Of(one).Named(one.TextAt("metadata", "name") ?? "");

    /// <summary>As people and kubectl write it: <c>deployment.apps/server</c>.</summary>
    public override string ToString() => $"{ResourceKind}/{Name}";
}
