using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// Prometheus, Alertmanager or Grafana on this machine: a native program, or a container by its runtime's command.
/// </summary>
/// <param name="name">Name of the resource.</param>
/// <param name="command">The program or the container runtime.</param>
/// <param name="workingDirectory">Where it is started.</param>
/// <param name="parent">Monitoring.</param>
public sealed class MonitoringProgramResource(string name, string command, string workingDirectory, MonitoringResource parent)
    : ExecutableResource(name, command, workingDirectory), IResourceWithParent<MonitoringResource>
{
    /// <summary>Monitoring.</summary>
    public MonitoringResource Parent { get; } = parent;
}
