using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// Where monitoring scrapes a resource: each of its replicas on this machine, each of its pods in a cluster, where the network
/// policy lets Prometheus in.
/// </summary>
/// <param name="Endpoint">Name of the endpoint; the port of the pods has the same name.</param>
/// <param name="Path">Path of the metrics.</param>
public sealed record MetricsPortAnnotation(string Endpoint, string Path = "/metrics") : IResourceAnnotation;
