using System.Globalization;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Operations;

/// <summary>
/// Restarts workloads as <c>kubectl rollout restart</c> does: the time is noted in the template, and their controllers replace
/// pod after pod.
/// </summary>
internal sealed class WorkloadRestart(IClusterClient cluster, TimeProvider time)
{
    private static readonly string[] s_kinds = ["Deployment", "StatefulSet", "DaemonSet"];

    /// <summary>Those of the rendered objects that can be restarted.</summary>
    public static IReadOnlyList<ObjectKey> Among(IEnumerable<YamlMap> objects) =>
        [.. objects.Where(o => s_kinds.Contains(o.Text("kind"))).Select(ObjectKey.Of)];

    /// <summary>Restarts those that are there, and returns them.</summary>
    /// <exception cref="DeployException">One of them is paused; none was restarted.</exception>
    public async Task<IReadOnlyList<ObjectKey>> RestartAsync(
        IReadOnlyList<ObjectKey> workloads, CancellationToken cancellationToken)
    {
        var found = await cluster.GetAsync(ObjectQuery.Of(workloads), cancellationToken);
        if (found.FirstOrDefault(f => f.IsTrue("spec", "paused")) is { } paused)
        {
            throw new DeployException(
                $"{ObjectKey.Of(paused)} is paused, so its pods would stay. Nothing was restarted. Resume it with `kubectl " +
                "rollout resume`.");
        }

        IReadOnlyList<ObjectKey> present = [.. found.Select(ObjectKey.Of)];
        foreach (var one in present)
        {
            await cluster.PatchAsync(one, Patch(time), cancellationToken);
        }

        return present;
    }

    internal static ObjectPatch Patch(TimeProvider time)
    {
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return new($$"""
            {"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "{{now}}"} } } } }
            """);
    }
}
