using System.Globalization;

namespace MonoRepo.Deploy.Rollout;

/// <summary>The tree as text: a line a resource, below it one for every pod that is not ready.</summary>
internal static class RolloutLines
{
    /// <summary><c>statefulset/store</c>.</summary>
    public static string Name(ResourceProgress resource) => $"{resource.Kind.ToLowerInvariant()}/{resource.Name}";

    /// <summary>What there is to say about a resource: <c>4/6 ready</c>, what it waits for.</summary>
    public static string Summary(ResourceProgress resource)
    {
        var count = resource.Wanted is { } wanted ? string.Create(
            CultureInfo.InvariantCulture, $"{resource.Ready ?? 0}/{wanted} ready") : "";
        var reason = count.Length > 0 && IsSaidByCount(resource) ? "" : resource.Reason;
        var waits = resource.WaitsFor.Count == 0 ? "" : $"waits for {string.Join(", ", resource.WaitsFor)}";
        return string.Join(", ", new[] { count, reason, waits }.Where(p => p.Length > 0));
    }

    /// <summary>Its pods that are worth a line: those that are not ready.</summary>
    public static IEnumerable<(string Pod, string Text)> Pods(ResourceProgress resource) =>
        resource.IsReady ? [] : resource.Pods.Where(p => !p.IsReady).Select(p => (p.Name, Reason(p)));

    /// <summary>Why a pod is as it is.</summary>
    public static string Reason(PodProgress pod) => pod.IsOld ? $"old, {pod.Reason}" : pod.Reason;

    /// <summary>The end: all is well, or what to look at.</summary>
    public static IReadOnlyList<string> End(RolloutResult result)
    {
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{result.Elapsed.TotalSeconds:0.0} s");
        var known = result.Tree.Resources.Where(r => r.State != RolloutState.Unknown).ToList();
        var count = known.Count;
        if (result.IsReady)
        {
            List<string> ready = count == 0
                ? []
                : [$"{(count == 1 ? Name(known[0]) + " is" : $"All {count} are")} ready after {seconds}."];
            Add(ready, [.. result.Tree.Resources.Except(known).Select(r => $"{Name(r)}: {r.Reason}")], "not known to work");
            return ready;
        }

        var waiting = known.Count(r => !r.IsReady);
        List<string> lines = [result.Outcome == RolloutOutcome.TimedOut
            ? $"Timed out: {waiting} of {count} are not ready after {seconds}."
            : $"Failed: {waiting} of {count} are not ready after {seconds}."];
        if (result.Failure is { } failure)
        {
            lines.Add($"{Name(failure.Resource)}: {Summary(failure.Resource)}");
            Add(lines, failure.Pod is { } pod ? [$"{pod.Name}: {pod.Reason}"] : [], "pod");
            Add(lines, [.. failure.Additions.Select(a => $"{a.Path}, by '{a.Owner}'")], "added by others, and kept by apply");
            Add(lines, failure.Events, "last events");
            Add(lines, failure.Log, failure.Pod?.HasCrashed == true
                ? $"last lines of {failure.Pod.Container} before it ended"
                : $"last lines of {failure.Pod?.Container}");
        }

        return lines;
    }

    private static bool IsSaidByCount(ResourceProgress resource) =>
        resource.Reason == "ready" || resource.Reason == $"{resource.Ready} of {resource.Wanted} ready"
        || resource.Reason == $"{resource.Ready} of {resource.Wanted} available";

    private static void Add(List<string> lines, IReadOnlyList<string> more, string title)
    {
        if (more.Count > 0)
        {
            lines.Add($"  {title}:");
            lines.AddRange(more.Select(m => "    " + m));
        }
    }
}
