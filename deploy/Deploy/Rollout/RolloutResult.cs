using MonoRepo.Deploy.Apply;

namespace MonoRepo.Deploy.Rollout;

/// <summary>What waiting came to.</summary>
/// <param name="Failure">Where to look first; null when everything works.</param>
internal sealed record RolloutResult(RolloutOutcome Outcome, RolloutTree Tree, TimeSpan Elapsed, RolloutFailure? Failure)
{
    /// <summary>Whether everything works.</summary>
    public bool IsReady => Outcome == RolloutOutcome.Ready;
}

/// <summary>What is known about the first resource that does not work.</summary>
/// <param name="Pod">Its first pod that is not ready; null: it has none.</param>
/// <param name="Events">Last events of the pod, or of the resource, oldest first.</param>
/// <param name="Log">Last lines that the container wrote before it crashed, or until now.</param>
internal sealed record RolloutFailure(
    ResourceProgress Resource, PodProgress? Pod, IReadOnlyList<string> Events, IReadOnlyList<string> Log)
{
    /// <summary>Fields of the resource that others have added.</summary>
    public IReadOnlyList<ForeignField> Additions { get; init; } = [];
}
