using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring;

/// <summary>How long Prometheus keeps samples.</summary>
internal sealed record RetentionAnnotation(TimeSpan Time) : IResourceAnnotation;
