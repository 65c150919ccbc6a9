using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Creates DCP's services and gives the graph's endpoints their addresses, before anything is started.</summary>
internal sealed partial class EndpointAllocator(
    DcpHost dcp, EndpointPlanner planner, FreePorts ports, TimeProvider clock, ILogger<EndpointAllocator> logger)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, List<ServedService>> _served = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Resource, string Endpoint), string> _services = [];

    /// <summary>What an instance serves, and on which port.</summary>
    public IReadOnlyList<ServedService> ServedBy(ResourceInstance instance) =>
        _served.TryGetValue(instance.Name, out var served) ? served : [];

    /// <summary>Why a resource can't be started, such as a taken port; null when nothing is in its way.</summary>
    public string? FaultOf(string resource) => _faults.GetValueOrDefault(resource);

    /// <summary>The name of an endpoint's service in DCP.</summary>
    public string? ServiceOf(string resource, string endpoint) => _services.GetValueOrDefault((resource, endpoint));

    /// <summary>
    /// Whether all its ports are its own and it refers to nobody's: it can be started while DCP still makes the proxies of the others.
    /// </summary>
    public static bool NeedsNoProxy(IResource resource) =>
        !resource.IsContainer()
        && resource.Annotations.OfType<EndpointAnnotation>().All(endpoint => !endpoint.IsProxied)
        && !resource.Annotations.OfType<EndpointReferenceAnnotation>().Any();

    /// <summary>Gives the endpoints of these resources of the table their addresses.</summary>
    public async Task AllocateAsync(InstanceTable instances, IReadOnlyCollection<IResource> resources, CancellationToken cancellationToken)
    {
        var containers = instances.Resources.Where(resource => resource.IsContainer()).ToList();
        var usedByContainers = containers.SelectMany(container => container.Annotations.OfType<EndpointReferenceAnnotation>())
            .Select(reference => (IResource)reference.Resource).ToHashSet();
        var plans = ServiceLowering.Plan(
            [.. resources.SelectMany(resource => planner.PlanOf(resource, instances.Of(resource).Count, usedByContainers.Contains(resource)))],
            name => instances.Resources.Where(resource => resource.Name == name).Select(resource => instances.Of(resource).Count).First());
        if (plans.Count == 0)
        {
            return;
        }

        FindTakenPorts(plans);
        var addresses = await CreateAsync(plans, cancellationToken).ConfigureAwait(false);
        foreach (var resource in resources)
        {
            foreach (var group in plans.Where(plan => plan.Endpoint.Resource == resource.Name).GroupBy(plan => plan.Endpoint.Endpoint))
            {
                Allocate(resource, [.. group], instances.Of(resource), addresses);
            }
        }
    }

    private void Allocate(
        IResource resource, IReadOnlyList<ServicePlan> plans, IReadOnlyList<ResourceInstance> instances, IReadOnlyDictionary<string, int> addresses)
    {
        var shared = plans.Single(plan => plan.Replica is null);
        var endpoint = resource.Annotations.OfType<EndpointAnnotation>().Single(candidate => candidate.Name == shared.Endpoint.Endpoint);
        EndpointAllocation.Allocate(resource, endpoint, endpoint.AllAllocatedEndpoints, shared, addresses[shared.Name], shared.Endpoint.TargetPort);
        _services[(resource.Name, endpoint.Name)] = shared.Name;

        var replicas = plans.Where(plan => plan.Replica is not null).OrderBy(plan => plan.Replica).ToList();
        if (replicas.Count > 0)
        {
            var annotation = new ReplicaEndpointsAnnotation(endpoint.Name, replicas.Count);
            foreach (var plan in replicas)
            {
                EndpointAllocation.Allocate(resource, endpoint, annotation.Replicas[plan.Replica!.Value], plan, addresses[plan.Name], null);
            }

            resource.Annotations.Add(annotation);
        }

        foreach (var instance in instances)
        {
            var served = _served.GetOrAdd(instance.Name, _ => []);

            // Two services before one process have to name its port; with one service DCP picks it.
            var own = replicas.Find(plan => plan.Replica == instance.Index);
            var port = shared.Endpoint.TargetPort ?? (own is null ? null : ports.Next());
            served.Add(new ServedService(shared, port));
            if (own is not null)
            {
                served.Add(new ServedService(own, port));
            }
        }
    }

    /// <summary>A fixed port that somebody has: its resource can't start, the rest can.</summary>
    private void FindTakenPorts(IReadOnlyList<ServicePlan> plans)
    {
        foreach (var plan in plans.Where(plan => plan.Endpoint is { Port: not null, Protocol: "TCP" }))
        {
            if (PortHolder.Find(plan.Endpoint.Port!.Value) is { } holder)
            {
                _faults[plan.Endpoint.Resource] =
                    $"Port {plan.Endpoint.Port} of endpoint '{plan.Endpoint.Endpoint}' of '{plan.Endpoint.Resource}' is taken by {holder}. Stop it, or choose another port.";
            }
        }
    }

    /// <summary>Creates the services and waits until each has a port.</summary>
    private async Task<IReadOnlyDictionary<string, int>> CreateAsync(IReadOnlyList<ServicePlan> plans, CancellationToken cancellationToken)
    {
        // A service whose port is taken is not created: DCP would never get the port, and nobody starts behind it.
        var portsByName = plans.Where(plan => !plan.Endpoint.IsProxied || FaultOf(plan.Endpoint.Resource) is not null)
            .ToDictionary(plan => plan.Name, plan => plan.Endpoint.Port ?? ports.Next());
        var client = await dcp.GetClientAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(plans.Where(plan => FaultOf(plan.Endpoint.Resource) is null)
            .Select(plan => client.CreateAsync(ServiceLowering.Lower(plan), cancellationToken))).ConfigureAwait(false);

        var missing = plans.Select(plan => plan.Name).Where(name => !portsByName.ContainsKey(name)).ToHashSet();
        if (missing.Count == 0)
        {
            return portsByName;
        }

        using var timeout = new CancellationTokenSource(_timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await foreach (var change in client.WatchAsync<DcpService>(linked.Token).ConfigureAwait(false))
            {
                if (change.Object.Status?.EffectivePort is > 0 and var port && missing.Remove(change.Object.Metadata.Name))
                {
                    portsByName[change.Object.Metadata.Name] = port;
                    if (missing.Count == 0)
                    {
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
        }

        foreach (var plan in plans.Where(plan => missing.Contains(plan.Name)))
        {
            portsByName[plan.Name] = plan.Endpoint.Port ?? ports.Next();
            _faults[plan.Endpoint.Resource] = $"DCP gave endpoint '{plan.Endpoint.Endpoint}' of '{plan.Endpoint.Resource}' no port within {_timeout.TotalSeconds} s.";
        }

        Log.Allocated(logger, portsByName.Count);
        return portsByName;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "{Count} services have their ports.")]
        public static partial void Allocated(ILogger logger, int count);
    }
}
