using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A probe by <c>grpc.health.v1</c> on an endpoint of the resource.</summary>
/// <param name="Probe">Startup, readiness or liveness.</param>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Service">Service name in the health request; empty asks for the server as a whole.</param>
/// <param name="Timing">Periods and thresholds.</param>
public sealed record GrpcProbeAnnotation(PodProbe Probe, string Endpoint, string Service, ProbeTiming Timing)
    : IResourceAnnotation;
