using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Deploy.Status;

/// <summary>What runs of a resource.</summary>
/// <param name="Images">Images of its template, as <c>name@sha256:…</c>, or with the tag and the digest that a pod found.</param>
/// <param name="Age">Since its creation; null: it does not exist.</param>
/// <param name="Warning">The last warning about it or its pods; null: none is remembered (clusters keep them for an
/// hour).</param>
/// <param name="Additions">Fields of it that others have added.</param>
internal sealed record ResourceStatus(
    ResourceProgress Progress, IReadOnlyList<string> Images, TimeSpan? Age, long Restarts, string? Warning,
    IReadOnlyList<ForeignField> Additions);
