using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Prometheus, Alertmanager and Grafana for everything in the graph, made of what the resources declare.</summary>
public sealed class MonitoringResource(string name) : Resource(name);
