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
}
