namespace MonoRepo.ServiceDefaults.Lifetime;

/// <summary>How a service leaves; section <c>Drain</c> of the configuration.</summary>
public sealed class DrainOptions
{
    /// <summary>
    /// How long calls are still taken after readiness went off, so that callers can learn of it first.
    /// Default 5 s (a Kubernetes Service needs a few), in Development none.
    /// </summary>
    public TimeSpan Delay { get; set; }

    /// <summary>
    /// How long calls under way may take to finish after that; what is left is aborted. Default 20 s, which fits with the
    /// delay into the 30 s that Kubernetes grants; in Development 2 s.
    /// </summary>
    public TimeSpan Timeout { get; set; }
}
