using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Lowering;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Makes the process or container of an instance.</summary>
internal sealed class InstanceStarter(
    DcpHost dcp, ConfigurationReader configuration, ProgramFinder programs, ContainerPlanner containers, EndpointAllocator endpoints)
{
    /// <summary>Evaluates arguments and environment, then creates the object in DCP.</summary>
    public async Task CreateAsync(IResource resource, ResourceInstance instance, CancellationToken cancellationToken)
    {
        if (endpoints.FaultOf(resource.Name) is { } fault)
        {
            throw new DistributedApplicationException(fault);
        }

        var client = await dcp.GetClientAsync(cancellationToken).ConfigureAwait(false);
        if (resource.IsContainer())
        {
            var plan = await containers.PlanAsync(resource, cancellationToken).ConfigureAwait(false);
            var settings = await configuration.ReadAsync(resource, cancellationToken).ConfigureAwait(false);
            await client.CreateAsync(
                ContainerLowering.Lower(instance, plan, settings, endpoints.ServedBy(instance)), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var program = programs.Find(resource);
            var settings = await configuration.ReadAsync(resource, cancellationToken).ConfigureAwait(false);
            await client.CreateAsync(
                ExecutableLowering.Lower(instance, program, settings, endpoints.ServedBy(instance)), cancellationToken).ConfigureAwait(false);
        }
    }
}
