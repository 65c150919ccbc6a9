using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The port on which monitoring may scrape the pods; opened to the monitoring namespace by the network policy.</summary>
public sealed record MetricsPortAnnotation(string Endpoint, string Path = "/metrics") : IResourceAnnotation;
