using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Says whether a pod is ready and, if not, why: the first thing that stands in its way.</summary>
internal static class PodReading
{
    /// <summary>Reads a pod with what happened to it.</summary>
    public static PodProgress Read(LiveObject pod, ClusterSnapshot snapshot)
    {
        var events = snapshot.EventsOf(pod).ToList();
        var restarts = pod.ContainerStatuses.Sum(c => c.NumberAt("restartCount") ?? 0);
        var place = string.Join(
            ' ', new[] { pod.Map.TextAt("spec", "nodeName"), pod.Map.TextAt("status", "podIP") }.OfType<string>());
        return Explain(pod, snapshot, events) with { Name = pod.Name, Restarts = restarts, Place = place };
    }

    private static PodProgress Explain(LiveObject pod, ClusterSnapshot snapshot, List<LiveEvent> events)
    {
        if (pod.IsDeleting)
        {
            return Waits("is stopping");
        }

        switch (pod.Map.TextAt("status", "phase"))
        {
            case "Succeeded":
                return new("", true, "done");
            case "Failed":
                return Failed(pod);
        }

        // {"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1 nodes are available: 1 Insufficient
        // cpu. preemption: …"}
        if (pod.Condition("PodScheduled") is { } scheduled && scheduled.TextAt("status") == "False")
        {
            return Waits("pending: " + (Claim(pod, snapshot) ?? Scheduler(scheduled)));
        }

        if (!pod.ContainerStatuses.Any())
        {
            return Waits(pod.Map.TextAt("status", "message") is { } message ? OneLine.Of(message) : "waits for its node");
        }

        var inits = pod.Map.ItemsAt("status", "initContainerStatuses").Count();
        foreach (var (index, status) in pod.ContainerStatuses.Index())
        {
            if (ContainerReading.Read(pod, status, isInit: index < inits, events) is { } obstacle)
            {
                return obstacle;
            }
        }

        if (pod.Condition("Ready") is { } ready && ready.TextAt("status") == "True")
        {
            return new("", true, "ready");
        }

        return Waits("a readiness gate is closed" +
            (pod.Condition("Ready")?.TextAt("message") is { Length: > 0 } why ? ": " + OneLine.Of(why) : ""));
    }

    private static PodProgress Waits(string reason) => new("", false, reason);

    private static PodProgress Failed(LiveObject pod)
    {
        if (pod.ContainerStatuses.FirstOrDefault(c => c.NumberAt("state", "terminated", "exitCode") is > 0) is { } failed)
        {
            return Waits($"container {failed.Text("name")} {ContainerReading.Ending(failed.MapAt("state", "terminated")!)}") with
            {
                Container = failed.Text("name"),
            };
        }

        // {"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory."}
        return Waits(OneLine.Of(
            $"{pod.Map.TextAt("status", "reason") ?? "failed"}: {pod.Map.TextAt("status", "message")}".TrimEnd(' ', ':')));
    }

    /// <summary>The first sentence: what follows is about preemption.</summary>
    private static string Scheduler(YamlMap condition)
    {
        var message = OneLine.Of(condition.Text("message") ?? condition.Text("reason"));
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    /// <summary>A volume that cannot be made says more than the scheduler, who only sees that it is not there.</summary>
    private static string? Claim(LiveObject pod, ClusterSnapshot snapshot)
    {
        foreach (var volume in pod.Map.ItemsAt("spec", "volumes"))
        {
            if (volume.TextAt("persistentVolumeClaim", "claimName") is { } name
                && snapshot.Find("PersistentVolumeClaim", name) is { } claim
                && claim.Map.TextAt("status", "phase") == "Pending"
                && snapshot.EventsOf(claim).LastOrDefault(e => e.IsWarning) is { } warning)
            {
                return $"volume {name}: {warning.Message}";
            }
        }

        return null;
    }
}
