using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>An object that is ours.</summary>
/// <param name="Resource">The resource of the graph that it belongs to.</param>
/// <param name="IsPending">It was about to be applied, and has not been seen to work since.</param>
internal sealed record InventoryEntry(ObjectKey Key, string Resource, bool IsPending = false)
{
    /// <summary>Owner of objects that people add without saying whose they are.</summary>
    public const string NoResource = "-";

    /// <summary>The entry of an object that is going to be applied.</summary>
    public static InventoryEntry Of(YamlMap one) =>
        new(ObjectKey.Of(one), one.Map("metadata")?.Map("annotations")?.Text(KubernetesLabels.Resource)
        ?? NoResource, IsPending: true);

    /// <summary>Reads <c>Deployment.apps/server routeguide-server pending</c>; null: it is no entry.</summary>
    public static InventoryEntry? Parse(string line)
    {
        var words = line.Split(' ');
        if (words.Length < 2 || words[0].Split('/') is not [var kind, var name])
        {
            return null;
        }

        var dot = kind.IndexOf('.', StringComparison.Ordinal);
        return new(dot < 0
            ? new("", kind, name)
            : new(kind[(dot + 1)..], kind[..dot], name), words[1], words is [_, _, "pending"]);
    }

    /// <summary>The line of an inventory.</summary>
    public override string ToString() =>
        $"{Key.Kind}{(Key.Group.Length == 0 ? "" : "." + Key.Group)}/{Key.Name} {Resource}{(IsPending ? " pending" : "")}";
}
