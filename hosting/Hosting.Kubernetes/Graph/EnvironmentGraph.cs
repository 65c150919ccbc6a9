using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>The graph in one environment: its workloads with all facts that they have there.</summary>
internal sealed class EnvironmentGraph
{
    private readonly Dictionary<IResource, WorkloadEntry> _entries = [];

    private EnvironmentGraph(PublishedModel model, EnvironmentFacts environment)
    {
        Model = model;
        Environment = environment;
    }

    /// <summary>The environment's own settings.</summary>
    public EnvironmentFacts Environment { get; }

    /// <summary>The workloads, in the order of the graph.</summary>
    public IReadOnlyList<Workload> Workloads { get; private set; } = [];

    internal PublishedModel Model { get; }

    /// <summary>The receiver of telemetry, where there is one.</summary>
    internal WorkloadEntry? TelemetryReceiver { get; private set; }

    /// <summary>Reads the graph as it is in <paramref name="environment"/>; errors go to <paramref name="errors"/>.</summary>
    public static EnvironmentGraph Read(PublishedModel model, EnvironmentFacts environment, ValidationErrors errors)
    {
        var graph = new EnvironmentGraph(model, environment);
        foreach (var resource in model.Workloads.Where(r => PublishedModel.IsIn(r, environment.Name)))
        {
            var annotations = new EffectiveAnnotations(resource, environment.Name);
            graph._entries.Add(
                resource, new(resource, WorkloadNames.Of(resource), annotations, PortReader.Read(resource, annotations, errors)));
        }

        graph.TelemetryReceiver = graph._entries.Values.FirstOrDefault(e => e.Annotations.Has<TelemetryReceiverAnnotation>());
        graph.Workloads = AccessReader.Read(
            environment.Name, [.. graph._entries.Values.Select(e => WorkloadReader.Read(graph, e, errors))], errors);
        GraphValidation.Check(graph, errors);
        return graph;
    }

    /// <summary>The workload of a resource; of a member that exists locally only, its parent's.</summary>
    internal WorkloadEntry? Find(IResource resource) =>
        _entries.GetValueOrDefault(resource) ?? (resource is IResourceWithParent { Parent: { } parent } ? Find(parent) : null);
}

/// <summary>What of a workload others refer to.</summary>
internal sealed record WorkloadEntry(
    IResource Resource, string Name, EffectiveAnnotations Annotations, IReadOnlyList<WorkloadPort> Ports)
{
    public WorkloadPort? Port(string endpoint) => Ports.FirstOrDefault(p => p.Serves(endpoint));

    /// <summary>The Service that callers of a port use: for HTTP/2 the one that names every member.</summary>
    public string Host(WorkloadPort port) => port.IsHttp2 ? WorkloadNames.Headless(Name) : Name;
}
