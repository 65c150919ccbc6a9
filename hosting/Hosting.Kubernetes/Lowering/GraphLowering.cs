using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>A graph in one environment to Kubernetes objects: the passes, in their order.</summary>
internal sealed class GraphLowering
{
    private static readonly Func<LoweringContext, IEnumerable<KubernetesObject>>[] s_passes =
    [
        ServiceAccountPass.Lower,
        ServicePass.Lower,
        WorkloadPass.Lower,
        ScheduledTaskPass.Lower,
        ScalingPass.Lower,
        NetworkPolicyPass.Lower,
        RoutePass.Lower,
    ];

    private readonly EnvironmentGraph _graph;
    private readonly string _application;
    private readonly ILookup<string, (string Caller, int Port)> _callers;

    private readonly Dictionary<string, Workload> _workloads;
    private readonly Dictionary<string, IResource> _manifests;
    private readonly IReadOnlyList<IReadOnlyDictionary<string, string>> _scrapers;

    /// <summary>Prepares the lowering of <paramref name="graph"/>.</summary>
    public GraphLowering(EnvironmentGraph graph)
    {
        _graph = graph;
        _application = graph.Model.Application;
        _workloads = graph.Workloads.ToDictionary(w => w.Name);
        _manifests = graph.Model.Manifests.Where(r => PublishedModel.IsIn(r, graph.Environment.Name))
            .ToDictionary(WorkloadNames.Of);
        _scrapers = [.. _manifests.Values.SelectMany(Scrapers)];
        _callers = graph.Workloads.SelectMany(Calls).ToLookup(c => c.Target, c => (c.Caller, c.Port));
    }

    /// <summary>Names of what <see cref="Lower(string, ValidationErrors)"/> makes, the environment's own first.</summary>
    public IEnumerable<string> Resources => [KubernetesLabels.Environment, .. _workloads.Keys, .. _manifests.Keys];

    /// <summary>One resource by its name; null where this environment does not have it.</summary>
    public LoweredResource? Lower(string name, ValidationErrors errors)
    {
        if (_workloads.TryGetValue(name, out var workload))
        {
            return Lower(workload, errors);
        }

        if (_manifests.TryGetValue(name, out var resource))
        {
            return LowerManifests(name, resource, errors);
        }

        return name == KubernetesLabels.Environment ? LowerEnvironment() : null;
    }

    /// <summary>
    /// Whether a resource is here as it is in <paramref name="other"/>, so that the objects of one are the objects of both: most
    /// resources are the same in most environments.
    /// </summary>
    public bool IsAlike(string name, GraphLowering other)
    {
        if (!_workloads.TryGetValue(name, out var own) || !other._workloads.TryGetValue(name, out var its))
        {
            return false;
        }

        var (here, there) = (_graph.Environment, other._graph.Environment);
        return here.PullSecrets.SequenceEqual(there.PullSecrets)
            && (here.Access == there.Access || !own.Ports.Any(p => p.IsExternal))
            && own.Annotations.IsSame(its.Annotations)
            && own.Ports.SequenceEqual(its.Ports)
            && own.Settings.SequenceEqual(its.Settings)
            && own.History == its.History
            && own.Variables.SequenceEqual(its.Variables)
            && own.Arguments.SequenceEqual(its.Arguments)
            && own.Edges.SetEquals(its.Edges)
            && own.ChecksCallers == its.ChecksCallers
            && own.TokensFor.SequenceEqual(its.TokensFor)
            && own.Dependencies.SequenceEqual(its.Dependencies)
            && _callers[name].SequenceEqual(other._callers[name])
            && _scrapers.Count == other._scrapers.Count;
    }

    private LoweredResource Lower(Workload workload, ValidationErrors errors)
    {
        var context = new LoweringContext(workload, _graph.Environment, [.. _callers[workload.Name]], _application, _scrapers);
        var objects = s_passes.SelectMany(pass => pass(context)).Select(ModelSerializer.ToMap).ToList();
        objects.AddRange(ManifestObjectPass.Lower(context, errors));
        var configMaps = ConfigMapPass.Lower(workload).ToList();
        var sorted = KindOrder.Sort(objects);
        var version = ContentVersion.Stamp(workload, sorted, configMaps);
        StateDependencies(workload, sorted);
        var isJob = workload.Kind == WorkloadKind.Job;
        if (isJob)
        {
            var settings = configMaps.Find(c => c.IsSettings);
            configMaps = [JobSettings.Name(settings, workload, version), .. configMaps.Where(c => c != settings)];
        }

        return new(workload.Name, sorted, configMaps, workload.IsBuiltHere ? [workload.Image] : [], isJob);
    }

    /// <summary>For those who deploy, who see the files only.</summary>
    private static void StateDependencies(Workload workload, IEnumerable<YamlMap> objects)
    {
        if (workload.Dependencies.Count > 0)
        {
            ContentVersion.MainObject(workload, objects).Map("metadata")!.Map("annotations")!.Add(
                KubernetesLabels.DependsOn, string.Join(',', workload.Dependencies));
        }
    }

    private LoweredResource LowerEnvironment() =>
        new(KubernetesLabels.Environment, KindOrder.Sort(EnvironmentPass.Lower(
            _graph.Environment, _application).Select(ModelSerializer.ToMap)), [], []);

    private LoweredResource LowerManifests(string name, IResource resource, ValidationErrors errors)
    {
        var annotations = new EffectiveAnnotations(resource, _graph.Environment.Name);
        var objects = annotations.All<ManifestObjectAnnotation>()
            .SelectMany(m => ManifestObjectPass.Read(resource.Name, m.Yaml, errors))
            .Select(o => ManifestObjectPass.Marked(o, name, _application))
            .Concat(ScrapePolicyPass.Lower(
                name, [.. Scrapers(resource)], _graph.Workloads, _application).Select(ModelSerializer.ToMap));
        return new(name, KindOrder.Sort(objects), [], []);
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Scrapers(IResource resource) =>
        resource.Annotations.OfType<MetricsScraperAnnotation>().Select(s => s.PodLabels);

    private static IEnumerable<(string Target, string Caller, int Port)> Calls(Workload workload)
    {
        foreach (var edge in workload.Edges)
        {
            yield return (edge.Target, workload.Name, edge.Port);
        }

        foreach (var task in workload.Annotations.Named<ScheduledTaskAnnotation>(t => t.Name))
        {
            foreach (var edge in workload.Edges.Concat(NetworkPolicyPass.TaskEdges(workload)))
            {
                yield return (edge.Target, WorkloadNames.Task(workload.Name, task.Name), edge.Port);
            }
        }
    }
}
