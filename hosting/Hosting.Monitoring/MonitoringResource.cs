using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Prometheus, Alertmanager and Grafana for everything in the graph, made of what the resources declare.</summary>
public sealed class MonitoringResource(string name) : Resource(name);

/// <summary>
/// Prometheus, Alertmanager or Grafana on this machine: a native program, or a container by its runtime's command.
/// </summary>
/// <param name="command">The program or the container runtime.</param>
internal sealed class MonitoringProgramResource(string name, string command, string workingDirectory, MonitoringResource parent)
    : ExecutableResource(name, command, workingDirectory), IResourceWithParent<MonitoringResource>
{
    public MonitoringResource Parent { get; } = parent;
}

/// <summary>Stands for a program of monitoring that this machine does not have; says what to install.</summary>
internal sealed class MissingProgramResource(string name, MonitoringResource parent)
    : Resource(name), IResourceWithParent<MonitoringResource>
{
    public MonitoringResource Parent { get; } = parent;
}
