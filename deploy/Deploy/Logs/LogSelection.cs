using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Logs;

/// <summary>How much of what was written before.</summary>
/// <param name="Tail">Lines of each container from the end; null: all.</param>
/// <param name="Since">What was written since; null: all.</param>
internal sealed record LogSelection(int? Tail, TimeSpan? Since)
{
    /// <summary>Everything.</summary>
    public static readonly LogSelection All = new(null, null);

    internal LogOptions Of(LogSource source) =>
        new(source.Pod, source.Container) { Tail = Tail, Since = Since, Timestamps = true };
}
