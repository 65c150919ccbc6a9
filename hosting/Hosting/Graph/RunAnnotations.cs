using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>States that a resource is restarted after a crash.</summary>
internal sealed class RestartPolicyAnnotation : IResourceAnnotation
{
    /// <param name="maxRestarts">Greatest number of restarts in a row.</param>
    /// <param name="initialDelay">Wait before the first restart.</param>
    public RestartPolicyAnnotation(int maxRestarts, TimeSpan initialDelay, TimeSpan maxDelay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRestarts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(initialDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, initialDelay);
        MaxRestarts = maxRestarts;
        InitialDelay = initialDelay;
        MaxDelay = maxDelay;
    }

    public int MaxRestarts { get; }

    public TimeSpan InitialDelay { get; }

    /// <summary>Greatest wait; a run that lasts longer starts a new row.</summary>
    public TimeSpan MaxDelay { get; }

    /// <summary>Wait before a restart: the first one doubled each time, up to <see cref="MaxDelay"/>.</summary>
    /// <param name="restart">Number of the restart in its row, from 1.</param>
    public TimeSpan DelayBefore(int restart)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(restart, 1);
        var factor = Math.Pow(2, Math.Min(restart - 1, 30));
        return TimeSpan.FromTicks((long)Math.Min(InitialDelay.Ticks * factor, MaxDelay.Ticks));
    }
}

/// <summary>
/// The resource watches the others rather than serving them: it starts once all others are ready, or one has failed, and nobody's
/// readiness waits for it.
/// </summary>
internal sealed record DeferredStartAnnotation : IResourceAnnotation;
