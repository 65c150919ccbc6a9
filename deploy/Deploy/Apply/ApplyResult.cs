using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Apply;

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
