using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Apply;

/// <summary>What an apply would change in one object.</summary>
internal sealed record ObjectDifference(ObjectKey Object, string Text);

/// <summary>What an apply would change.</summary>
/// <param name="Differences">Objects that would change.</param>
/// <param name="Conflicts">Fields that others have set to another value, which an apply refuses to change.</param>
/// <param name="Remarks">What else there is to know: what others have added, what may not be seen.</param>
internal sealed record ObjectDifferences(
    IReadOnlyList<ObjectDifference> Differences, IReadOnlyList<FieldConflict> Conflicts, IReadOnlyList<string> Remarks);
