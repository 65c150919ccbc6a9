using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Canary;

/// <summary>Judges a candidate that runs beside its baseline, and records the verdict.</summary>
/// <param name="prometheus">Address of Prometheus; null: the environment's own, through a port-forward.</param>
/// <param name="activity">Takes the verdict, where a promotion looks for it.</param>
/// <param name="report">Called with a line about every look.</param>
internal sealed class CanaryTrial(
    IClusterClient cluster, string? prometheus, ActivityRecorder activity, Action<string> report, TimeProvider time)
{
    /// <summary>What a verdict is called in the history.</summary>
    public const string Command = "canary judge";

    /// <param name="baseline">The Deployment that serves now.</param>
    /// <param name="every">Time between two looks.</param>
    /// <exception cref="DeployException">Prometheus can't be queried, or there is no candidate, or another one than at the
    /// start.</exception>
    public async Task<CanaryResult> JudgeAsync(
        ObjectKey baseline, TimeSpan duration, TimeSpan every, CancellationToken cancellationToken)
    {
        var (at, start) = (time.GetUtcNow(), time.GetTimestamp());
        var (_, digest) = await ReadAsync(baseline, cancellationToken);
        await using var connection = prometheus is null
            ? await ServiceConnection.OpenAsync(cluster, ServiceConnection.Prometheus, report, time, cancellationToken)
            : ServiceConnection.Open(prometheus);
        var metrics = new CanaryMetrics(connection.Client, cluster.Target.Namespace, baseline.Name);
        var result = await new CanaryComparison((from, to, cancel) => metrics.ReadAsync(from, to, every, cancel), report, time)
            .RunAsync(duration, every, cancellationToken);
        var (live, now) = await ReadAsync(baseline, cancellationToken);
        if (now != digest)
        {
            throw new DeployException($"The canary of {baseline} was replaced while it was judged. Judge it again.");
        }

        var (resource, before) = (new LiveObject(live).Resource, CanaryDeployment.ImageOf(live));
        await activity.RecordAsync(new(at, Command, result.Verdict.ToString().ToLowerInvariant())
        {
            Seconds = time.GetElapsedTime(start).TotalSeconds,
            Resources = [resource],
            Images = [new(resource, before.Name, before.Digest ?? before.Tag, digest)],
            Note = $"look {result.Look} of {result.Looks}",
        });
        return result;
    }

    private async Task<(YamlMap Baseline, string Digest)> ReadAsync(ObjectKey baseline, CancellationToken cancellationToken)
    {
        var found = await cluster.GetAsync(ObjectQuery.Of(baseline, CanaryDeployment.KeyOf(baseline)), cancellationToken);
        return found.FirstOrDefault(o => ObjectKey.Of(o) == baseline) is { } live
            && found.FirstOrDefault(o => ObjectKey.Of(o) != baseline) is { } candidate
            && CanaryDeployment.ImageOf(candidate).Digest is { } digest
            ? (live, digest)
            : throw new DeployException(
                $"{baseline} has no canary in namespace '{cluster.Target.Namespace}'. `canary start` runs one.");
    }
}
