namespace MonoRepo.Deploy.Rollout;

/// <summary>How far a resource is.</summary>
public enum RolloutState
{
    /// <summary>It works as it was last applied.</summary>
    Ready,

    /// <summary>It is on its way.</summary>
    Progressing,

    /// <summary>The cluster has given up on it.</summary>
    Failed,

    /// <summary>Nobody can tell: its operator hasn't looked at it, or it may not be looked at. It isn't waited for.</summary>
    Unknown,
}
