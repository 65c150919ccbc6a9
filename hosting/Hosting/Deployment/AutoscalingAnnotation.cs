using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A HorizontalPodAutoscaler between two replica counts, by average CPU use.</summary>
/// <param name="Min">Fewest replicas, at least 1.</param>
/// <param name="Max">Most replicas, at least <paramref name="Min"/>.</param>
/// <param name="TargetCpu">Wanted average use in percent of the CPU request, 1 to 100.</param>
/// <param name="Line">Where it was set.</param>
public sealed record AutoscalingAnnotation(int Min, int Max, int TargetCpu, SourceLine Line) : IResourceAnnotation;
