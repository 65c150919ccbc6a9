using Aspire.Hosting.ApplicationModel;

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

/// <summary>Periods of a probe in seconds and the number of answers in a row that change its state.</summary>
/// <remarks>The startup probe makes an initial delay needless: with one, every pod of a rollout waits that long.</remarks>
public sealed record ProbeTiming(int Period = 5, int Timeout = 2, int FailureThreshold = 3, int InitialDelay = 0);

/// <summary>A probe by HTTP GET on an endpoint of the resource; 200 to 399 is good.</summary>
internal sealed record HttpProbeAnnotation(PodProbe Probe, string Endpoint, string Path, ProbeTiming Timing)
    : IResourceAnnotation;

/// <summary>A probe by <c>grpc.health.v1</c> on an endpoint of the resource.</summary>
/// <param name="Service">Service name in the health request; empty asks for the server as a whole.</param>
internal sealed record GrpcProbeAnnotation(PodProbe Probe, string Endpoint, string Service, ProbeTiming Timing)
    : IResourceAnnotation;

/// <summary>A probe that runs a command in the container; exit code 0 is good.</summary>
internal sealed record ExecProbeAnnotation(PodProbe Probe, IReadOnlyList<string> Command, ProbeTiming Timing)
    : IResourceAnnotation;
