using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Logs;

/// <summary>One run of a container. After a restart it is another one, with a log of its own.</summary>
/// <param name="Id">The run: <c>containerd://64ac…</c>.</param>
/// <param name="IsOnly">Whether the pod has no other container.</param>
internal sealed record LogSource(string Pod, string Container, string Id, bool IsOnly, bool IsRunning)
{
    /// <summary>What its lines start with.</summary>
    public string Prefix => IsOnly ? Pod : $"{Pod}/{Container}";

    /// <summary>The latest runs of a pod's containers; those that never started have none.</summary>
    public static IReadOnlyList<LogSource> Of(LiveObject pod)
    {
        var statuses = pod.Map.ItemsAt(
            "status", "initContainerStatuses").Concat(pod.Map.ItemsAt("status", "containerStatuses")).ToList();
        return
        [
            .. statuses.Where(s => s.Text("containerID") is { Length: > 0 })
                .Select(s => new LogSource(pod.Name, s.Text("name") ?? "", s.Text("containerID")!, statuses.Count == 1, s.At(
                    "state", "running") is not null)),
        ];
    }
}
