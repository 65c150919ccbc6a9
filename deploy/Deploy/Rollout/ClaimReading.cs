using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Rollout;

/// <summary>
/// A volume claim is ready when it is bound, or when nothing uses it yet: most classes bind at the first pod
/// (WaitForFirstConsumer), such as that of a nightly backup.
/// </summary>
internal static class ClaimReading
{
    public static ResourceProgress Read(LiveObject one, ClusterSnapshot snapshot)
    {
        var warning = snapshot.EventsOf(one).LastOrDefault(e => e.IsWarning);
        var (state, reason) = one.Map.TextAt("status", "phase") switch
        {
            "Bound" => (RolloutState.Ready, Resizing(one) ?? $"{one.Map.TextAt("status", "capacity", "storage")} bound"),
            "Lost" => (RolloutState.Failed, "its volume is gone"),
            _ when warning is not null => (RolloutState.Progressing, $"{warning.Reason}: {warning.Message}"),
            _ when !IsUsed(one, snapshot) => (RolloutState.Ready, "is bound by its first pod"),
            _ => (RolloutState.Progressing, "waits for its volume"),
        };
        return new(one.Kind, one.Name, state, reason)
        {
            RequiresIntervention = warning is not null && state == RolloutState.Progressing,
        };
    }

    private static bool IsUsed(LiveObject one, ClusterSnapshot snapshot) =>
        snapshot.Objects.Any(p => p is { Kind: "Pod", IsDeleting: false }
        && p.Map.ItemsAt("spec", "volumes").Any(v => v.TextAt("persistentVolumeClaim", "claimName") == one.Name));

    // Growing goes on while the volume is in use; the last step needs a start of the pod on some storage.
    private static string? Resizing(LiveObject one) =>
        one.Condition("FileSystemResizePending")?.Text("status") == "True" ? "bound, grows when its pod starts again"
        : one.Condition("Resizing")?.Text("status") == "True" ? "bound, is growing"
        : null;
}
