using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A HorizontalPodAutoscaler between two replica counts, by average CPU use.</summary>
/// <param name="Min">Fewest replicas, at least 1.</param>
/// <param name="Max">Most replicas, at least <paramref name="Min"/>.</param>
/// <param name="TargetCpu">Wanted average use in percent of the CPU request, 1 to 100.</param>
internal sealed record AutoscalingAnnotation(int Min, int Max, int TargetCpu, SourceLine Line) : IResourceAnnotation;

/// <summary>How members are spread over the cluster.</summary>
/// <param name="TopologyKey">Node label whose values are the places to spread over.</param>
/// <param name="Required">A member without a free place stays pending rather than sharing one.</param>
internal sealed record SpreadAnnotation(string TopologyKey, bool Required) : IResourceAnnotation;
