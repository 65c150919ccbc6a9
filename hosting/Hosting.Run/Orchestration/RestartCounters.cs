using System.Collections.Concurrent;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>One restart to come.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Delay">How long to wait before it.</param>
internal readonly record struct Restart(int Number, TimeSpan Delay);

/// <summary>How often each instance was started again. A run that lasted longer than the longest delay wipes the slate clean.</summary>
internal sealed class RestartCounters(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (int Count, long LastAt)> _counts = new();

    /// <summary>The next restart, or null when the policy allows no more.</summary>
    public Restart? Next(string instance, RestartPolicyAnnotation policy)
    {
        var (count, lastAt) = _counts.GetValueOrDefault(instance);
        if (count > 0 && clock.GetElapsedTime(lastAt) > policy.DelayBefore(count) + policy.MaxDelay)
        {
            count = 0;
        }

        if (count >= policy.MaxRestarts)
        {
            return null;
        }

        _counts[instance] = (count + 1, clock.GetTimestamp());
        return new Restart(count + 1, policy.DelayBefore(count + 1));
    }
}
