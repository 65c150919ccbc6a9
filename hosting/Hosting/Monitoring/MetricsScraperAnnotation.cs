using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// In the cluster, pods with these labels read the metrics of every workload of the environment. Publishing opens the way for
/// them, and for nobody else.
/// </summary>
public sealed record MetricsScraperAnnotation(IReadOnlyDictionary<string, string> PodLabels) : IResourceAnnotation;
