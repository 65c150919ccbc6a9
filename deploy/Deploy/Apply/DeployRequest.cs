using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What is to be applied.</summary>
internal sealed record DeployRequest(string Application, string Environment, IReadOnlyList<YamlMap> Objects, ChangeScope Scope)
{
    /// <summary>What the history calls it.</summary>
    public string Command { get; init; } = "apply";

    /// <summary>What the history says of it besides.</summary>
    public string? Note { get; init; }

    /// <summary>Nothing of it may exist yet.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>Takes over fields that others have set since; each is said.</summary>
    public bool TakeFields { get; init; }

    /// <summary>Jobs that are not among the objects stay.</summary>
    public bool KeepJobs { get; init; }

    /// <summary>Takes over objects that are not ours.</summary>
    public bool TakeObjects { get; init; }
}

/// <summary>Which resources a change is about; others are neither applied nor pruned.</summary>
/// <param name="Resources">Names of resources; null: all, those that left the graph included.</param>
internal sealed record ChangeScope(IReadOnlySet<string>? Resources)
{
    /// <summary>All resources.</summary>
    public static readonly ChangeScope All = new((IReadOnlySet<string>?)null);

    /// <summary>Whether a resource is meant.</summary>
    public bool Contains(string resource) => Resources is null || Resources.Contains(resource);
}

/// <summary>What an apply did.</summary>
/// <param name="Created">Objects that were not there.</param>
/// <param name="Changed">Objects that are another version now.</param>
/// <param name="Unchanged">Objects that were as wanted.</param>
/// <param name="Deleted">Objects that were ours and are no longer wanted.</param>
/// <param name="Kept">Old ConfigMaps that something still refers to, a revision to which one may roll back for example.</param>
/// <param name="Skipped">Objects of kinds that the one who applies may not see.</param>
/// <param name="Additions">Fields of our objects that others have added; they stay.</param>
/// <param name="Leftovers">What this application left elsewhere: under a former name, in a former namespace.</param>
/// <param name="IsReady">Whether all that was applied works; false: the wait ended without.</param>
internal sealed record ApplyResult(
    IReadOnlyList<ObjectKey> Created,
    IReadOnlyList<ObjectKey> Changed,
    IReadOnlyList<ObjectKey> Unchanged,
    IReadOnlyList<ObjectKey> Deleted,
    IReadOnlyList<ObjectKey> Kept,
    IReadOnlyList<ObjectKey> Skipped,
    IReadOnlyList<ForeignField> Additions,
    IReadOnlyList<Leftover> Leftovers,
    bool IsReady);
