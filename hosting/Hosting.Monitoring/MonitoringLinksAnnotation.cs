using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>Where alerts lead people.</summary>
internal sealed record MonitoringLinksAnnotation(MonitoringLinks Links) : IResourceAnnotation;
