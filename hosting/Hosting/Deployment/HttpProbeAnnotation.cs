using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A probe by HTTP GET on an endpoint of the resource; 200 to 399 is good.</summary>
public sealed record HttpProbeAnnotation(PodProbe Probe, string Endpoint, string Path, ProbeTiming Timing) : IResourceAnnotation;
