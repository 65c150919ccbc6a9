namespace MonoRepo.Deploy.Apply;

/// <summary>Which resources a change is about; others are neither applied nor pruned.</summary>
/// <param name="Resources">Names of resources; null: all, those that left the graph included.</param>
internal sealed record ChangeScope(IReadOnlySet<string>? Resources)
{
    /// <summary>All resources.</summary>
    public static readonly ChangeScope All = new((IReadOnlySet<string>?)null);

    /// <summary>Whether a resource is meant.</summary>
    public bool Contains(string resource) => Resources is null || Resources.Contains(resource);
}
