using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A job of the environment writes a summary and posts it to the notifier.</summary>
/// <param name="Schedule">When.</param>
/// <param name="Days">How many days a summary is of.</param>
internal sealed record SummaryAnnotation(Schedule Schedule, int Days) : IResourceAnnotation;

/// <summary>In the cluster, this service takes reports for people: a POST with the token as its bearer.</summary>
/// <param name="Service">The service.</param>
/// <param name="Port">Its port.</param>
/// <param name="Path">Where they are taken.</param>
/// <param name="Token">The token.</param>
internal sealed record ReportReceiverAnnotation(IResource Service, int Port, string Path, ParameterResource Token)
    : IResourceAnnotation;

/// <summary>In the cluster, this is who answers questions about the environment's metrics, by Prometheus' HTTP API.</summary>
/// <param name="Service">Name of the Service.</param>
/// <param name="Port">Its port.</param>
/// <param name="PodLabels">The pods behind it.</param>
internal sealed record MetricsQueryAnnotation(string Service, int Port, IReadOnlyDictionary<string, string> PodLabels)
    : IResourceAnnotation;
