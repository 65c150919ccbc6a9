using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Stands for a program of monitoring that this machine does not have; says what to install.</summary>
/// <param name="name">Name of the resource.</param>
/// <param name="parent">Monitoring.</param>
public sealed class MissingProgramResource(string name, MonitoringResource parent)
    : Resource(name), IResourceWithParent<MonitoringResource>
{
    /// <summary>Monitoring.</summary>
    public MonitoringResource Parent { get; } = parent;
}
