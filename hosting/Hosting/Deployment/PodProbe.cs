namespace MonoRepo.Hosting;

/// <summary>The three questions that a kubelet asks a container.</summary>
public enum PodProbe
{
    /// <summary>Has it started? Until then the others are not asked.</summary>
    Startup,

    /// <summary>May it get traffic? Looks at dependencies.</summary>
    Readiness,

    /// <summary>Does it have to be restarted? Never looks at dependencies.</summary>
    Liveness,
}
