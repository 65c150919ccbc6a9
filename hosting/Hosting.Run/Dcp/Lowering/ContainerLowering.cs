using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>A container to DCP's Container.</summary>
internal static class ContainerLowering
{
    /// <summary>Name of the network object that all containers of a session join.</summary>
    public const string Network = "aspire-container-network";

    /// <summary>The name under which a container reaches this machine.</summary>
    public const string HostName = "host.docker.internal";

    public static DcpContainer Lower(
        ResourceInstance instance, ContainerPlan plan, LaunchConfiguration configuration, IReadOnlyList<ServedService> served) => new()
        {
            Metadata = ObjectMetadata.Of(instance, served),
            Spec = new()
            {
                Image = plan.Image,
                ContainerName = plan.ContainerName ?? instance.Name,
                Build = plan.Build,
                Command = plan.EntryPoint,
                Args = configuration.ProtectedArguments,
                Env = configuration.ProtectedEnvironment,
                VolumeMounts = plan.Mounts,
                Ports = [.. served.Where(s => s.Service.Replica is null).Select(Port)],
                RunArgs = ["--add-host", $"{HostName}:host-gateway", .. plan.RunArguments],
                Networks = [new(Network, [instance.ResourceName, $"{instance.ResourceName}.dev.internal", .. plan.Aliases])],
                Persistent = plan.IsPersistent ? true : null,
                PullPolicy = plan.PullPolicy,
            },
        };

    /// <summary>The session's network.</summary>
    public static DcpContainerNetwork LowerNetwork(string application, string suffix) => new()
    {
        Metadata = new() { Name = Network },
        Spec = new($"aspire-session-network-{suffix}-{application[..Math.Min(application.Length, 32)]}"),
    };

    private static DcpContainerPort Port(ServedService served)
    {
        var endpoint = served.Service.Endpoint;
        return new(
            endpoint.TargetPort ?? throw new Aspire.Hosting.DistributedApplicationException(
                $"Endpoint '{endpoint.Endpoint}' of container '{endpoint.Resource}' has no target port. Give it one: WithEndpoint(targetPort: …)."),
            endpoint.IsProxied ? null : endpoint.Port,
            endpoint.Protocol);
    }
}
