using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Gathers what somebody would look at first: the events and the log of the first pod that does not work.</summary>
internal static class FailureReading
{
    private const int Events = 6;
    private const int Lines = 20;

    public static async Task<RolloutFailure?> ReadAsync(
        IClusterClient cluster, RolloutTargets targets, RolloutTree tree, ClusterSnapshot snapshot,
        CancellationToken cancellationToken)
    {
        if (tree.FirstFailing is not { } resource)
        {
            return null;
        }

        var pod = resource.Pods.Where(p => p is { IsReady: false, IsOld: false }).OrderBy(p => !p.RequiresIntervention)
            .FirstOrDefault();
        var about = pod is null ? snapshot.Find(resource.Kind, resource.Name) : snapshot.Find("Pod", pod.Name);
        var events = about is null ? [] : snapshot.EventsOf(about).TakeLast(Events).Select(Text).ToList();
        return new(resource, pod, events, await LogAsync(cluster, pod, cancellationToken))
        {
            Additions = await AdditionsAsync(cluster, targets, resource, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<ForeignField>> AdditionsAsync(
        IClusterClient cluster, RolloutTargets targets, ResourceProgress resource, CancellationToken cancellationToken)
    {
        var target = targets.Targets.FirstOrDefault(t => t.Key.Kind == resource.Kind && t.Key.Name == resource.Name);
        var found = target is null ? [] : await cluster.GetAsync(
            ObjectQuery.Of(target.Key) with { ManagedFields = true }, cancellationToken);
        return [.. found.SelectMany(targets.AdditionsTo)];
    }

    private static string Text(LiveEvent one) => $"{one.Reason}: {one.Message}{(one.Count > 1 ? $" ({one.Count} times)" : "")}";

    private static async Task<IReadOnlyList<string>> LogAsync(
        IClusterClient cluster, PodProgress? pod, CancellationToken cancellationToken)
    {
        if (pod?.Container is null)
        {
            return [];
        }

        var lines = new List<string>();
        try
        {
            await foreach (var line in cluster.LogsAsync(new LogOptions(pod.Name)
            {
                Container = pod.Container,
                Tail = Lines,
                Previous = pod.HasCrashed,
            }, cancellationToken))
            {
                lines.Add(OneLine.Of(line));
            }
        }
        catch (ClusterException)
        {
            // A container that never started has no log; the reason says so already.
        }

        return lines;
    }
}
