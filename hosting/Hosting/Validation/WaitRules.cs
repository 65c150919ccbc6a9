using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>No resource waits for itself by way of others.</summary>
internal static class WaitRules
{
    internal static IEnumerable<string> Check(IReadOnlyCollection<IResource> resources)
    {
        var state = new Dictionary<IResource, bool>(ReferenceEqualityComparer.Instance); // false: on the path, true: done
        foreach (var resource in resources)
        {
            foreach (var cycle in CyclesFrom(resource, state))
            {
                var way = string.Join(" -> ", cycle.Append(cycle[0]).Select(r => $"'{r.Name}'"));
                yield return $"Resources wait for each other and none of them can start: {way}. Take one of these waits away.";
            }
        }
    }

    // Depth first with a stack of its own: a chain of ten thousand resources is no reason to overflow.
    private static List<IResource[]> CyclesFrom(IResource start, Dictionary<IResource, bool> state)
    {
        var cycles = new List<IResource[]>();
        if (!state.TryAdd(start, false))
        {
            return cycles;
        }

        var path = new List<(IResource Resource, IEnumerator<IResource> Next)> { (start, WaitsOf(start)) };
        while (path.Count > 0)
        {
            var (resource, next) = path[^1];
            if (!next.MoveNext())
            {
                state[resource] = true;
                path.RemoveAt(path.Count - 1);
            }
            else if (state.TryAdd(next.Current, false))
            {
                path.Add((next.Current, WaitsOf(next.Current)));
            }
            else if (!state[next.Current])
            {
                var from = path.FindIndex(p => ReferenceEquals(p.Resource, next.Current));
                cycles.Add([.. path.Skip(from).Select(p => p.Resource)]);
            }
        }

        return cycles;
    }

    private static IEnumerator<IResource> WaitsOf(IResource resource) => resource.Annotations.OfType<WaitAnnotation>()
        .Select(w => w.Resource).Distinct<IResource>(ReferenceEqualityComparer.Instance).GetEnumerator();
}
