namespace MonoRepo.Deploy.Rollout;

/// <summary>How waiting ended.</summary>
internal enum RolloutOutcome
{
    /// <summary>Everything works.</summary>
    Ready,

    /// <summary>Something will not work by itself.</summary>
    Failed,

    /// <summary>Something was still on its way when the time was over.</summary>
    TimedOut,
}
