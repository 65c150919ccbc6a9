using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Which resources a selection means: those named and, if deep, all that they depend on, transitively.</summary>
public static class Dependencies
{
    /// <summary>Names of the selected workloads and manifests; all where none is named.</summary>
    /// <exception cref="DistributedApplicationException">A name is unknown in this environment.</exception>
    public static IReadOnlySet<string> Select(EnvironmentGraph graph, IReadOnlyCollection<string> names, bool deep)
    {
        var workloads = graph.Workloads.ToDictionary(w => w.Name);
        HashSet<string> known = [.. workloads.Keys, .. graph.Model.Manifests.Where(m => PublishedModel.IsIn(m, graph.Environment.Name)).Select(WorkloadNames.Of)];
        if (names.Count == 0)
        {
            return known;
        }

        var selected = new HashSet<string>();
        var waiting = new Queue<string>(names.Select(n => n.ToLowerInvariant()));
        while (waiting.TryDequeue(out var name))
        {
            if (!known.Contains(name))
            {
                throw new DistributedApplicationException($"There is no resource '{name}' in '{graph.Environment.Name}'. There are: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
            }

            if (selected.Add(name) && deep && workloads.TryGetValue(name, out var workload))
            {
                foreach (var dependency in Of(graph, workload))
                {
                    waiting.Enqueue(dependency);
                }
            }
        }

        return selected;
    }

    /// <summary>Whom a workload calls and whom it waits for.</summary>
    public static IEnumerable<string> Of(EnvironmentGraph graph, Workload workload) =>
        workload.Edges.Select(e => e.Target)
            .Concat(workload.Annotations.All<WaitAnnotation>().Select(w => graph.Find(w.Resource)?.Name).OfType<string>())
            .Where(n => n != workload.Name)
            .Distinct();
}
