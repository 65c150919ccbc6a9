using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A probe that runs a command in the container; exit code 0 is good.</summary>
public sealed record ExecProbeAnnotation(PodProbe Probe, IReadOnlyList<string> Command, ProbeTiming Timing) : IResourceAnnotation;
