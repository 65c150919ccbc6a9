using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Which object: group, kind and name. The version does not count: the same object is served in several.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Kind">Kind, such as <c>Deployment</c>.</param>
/// <param name="Name">Name in the namespace of the target.</param>
public sealed record ObjectKey(string Group, string Kind, string Name)
{
    /// <summary>The kind as kubectl takes it: <c>deployment.apps</c>.</summary>
    public string KindArgument => Argument(Group, Kind);

    /// <summary>The key of an object.</summary>
    public static ObjectKey Of(YamlMap one) =>
        new(GroupOf(one.Text("apiVersion")), one.Text("kind") ?? "", one.Map("metadata")?.Text("name") ?? "");

    /// <summary>The kind of an object as kubectl takes it.</summary>
    public static string Argument(string group, string kind) => (group.Length == 0 ? kind : $"{kind}.{group}").ToLowerInvariant();

    /// <summary>As people and kubectl write it: <c>deployment.apps/server</c>.</summary>
    public override string ToString() => $"{KindArgument}/{Name}";

    // apps/v1, or v1 of the core group
    private static string GroupOf(string? apiVersion) => apiVersion?.Split('/') is [var group, _] ? group : "";
}
