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

/// <summary>The end of a comparison.</summary>
/// <param name="Verdict">What all metrics say together.</param>
/// <param name="Looks">How many looks were planned.</param>
internal sealed record CanaryResult(Verdict Verdict, int Look, int Looks, IReadOnlyList<MetricVerdict> Metrics);

/// <summary>Looks at a candidate and its baseline again and again, until it is worse or the time is over.</summary>
/// <param name="read">Reads what was measured from the first time until the second.</param>
/// <param name="report">Called with a line about every look.</param>
internal sealed class CanaryComparison(
    Func<DateTimeOffset, DateTimeOffset, CancellationToken, Task<IReadOnlyList<CanarySamples>>> read, Action<string> report,
    TimeProvider time)
{
    /// <summary>Compares.</summary>
    /// <param name="every">Time between two looks, and length of the windows.</param>
    public async Task<CanaryResult> RunAsync(TimeSpan duration, TimeSpan every, CancellationToken cancellationToken)
    {
        var looks = (int)Math.Max(1, Math.Floor(duration / every));
        var judge = new CanaryJudge(looks);
        var start = time.GetUtcNow();
        for (var look = 1; ; look++)
        {
            var end = start + (look * every);
            var left = end - time.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
            var isLast = look == looks;
            try
            {
                var metrics = judge.Look(await read(start, end, cancellationToken), isLast);
                var verdict = CanaryJudge.Overall(metrics);
                if (isLast || verdict == Verdict.Fail)
                {
                    return new(verdict, look, looks, metrics);
                }

                report($"look {look} of {looks}: " +
                    $"{(verdict == Verdict.Pass ? "nothing is worse so far" : "too little to compare yet")}");
            }
            catch (DeployException exception) when (!isLast)
            {
                // The values are still there at the next look.
                report($"look {look} of {looks}: {exception.Message}");
            }
        }
    }
}
