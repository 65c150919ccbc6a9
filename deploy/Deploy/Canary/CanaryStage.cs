using System.Globalization;
using MathNet.Numerics.Statistics;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Canary;

/// <summary>Nothing can be said about a candidate; it is tried again later.</summary>
internal sealed class InconclusiveCanaryException(string message) : DeployException(message);

/// <summary>
/// Tries changed images beside what runs, before they are applied. A candidate has a fixed name and is made of what runs: who is
/// interrupted and starts again finds it, and there are never two.
/// </summary>
/// <param name="wait">Waits until objects work; the reason where they don't.</param>
/// <param name="judge">Compares a baseline's candidate with it.</param>
/// <param name="report">Called with lines for the log.</param>
internal sealed class CanaryStage(
    IClusterClient cluster,
    Func<IReadOnlyList<YamlMap>, CancellationToken, Task<string?>> wait,
    Func<ObjectKey, CanaryPolicy, CancellationToken, Task<CanaryResult>> judge,
    Action<string> report)
{
    /// <summary>Who started a candidate, where nobody typed it: those of people are left alone.</summary>
    public const string StartedBy = "monorepo/canary-started-by";

    private const string Deployer = "deployer";

    /// <summary>Tries what changes; candidates of another time are removed.</summary>
    /// <param name="policy">How; null: nothing is tried.</param>
    /// <param name="cancellationToken">Cancels; the candidates stay then, for the next run.</param>
    /// <returns>The candidates that passed, to be removed when the objects were applied.</returns>
    /// <exception cref="DeployException">A candidate is worse, or does not work.</exception>
    /// <exception cref="InconclusiveCanaryException">It can't be said, or somebody else's candidate is in the way.</exception>
    public async Task<IReadOnlyList<ObjectKey>> RunAsync(
        IReadOnlyList<YamlMap> objects, CanaryPolicy? policy, CancellationToken cancellationToken)
    {
        var deployments = objects.Where(o => ResourceKind.Of(o) == ResourceKind.Deployment).ToList();
        var keys = deployments.Select(ObjectKey.Of).SelectMany(k => new[] { k, CanaryDeployment.KeyOf(k) }).ToArray();
        var live = (keys.Length == 0 ? [] : await cluster.GetAsync(ObjectQuery.Of(keys), cancellationToken))
            .ToDictionary(ObjectKey.Of);
        var canaries = policy is null
            ? []
            : deployments.Where(d => live.TryGetValue(ObjectKey.Of(d), out var now) && IsChanged(now, d))
            .Select(d => (Baseline: ObjectKey.Of(d), Canary: CanaryDeployment.Create(
                live[ObjectKey.Of(d)], CanaryDeployment.ImageOf(d), policy.Weight))).ToList();
        var candidates = canaries.Select(c => ObjectKey.Of(c.Canary.Object)).ToList();
        if (candidates.Find(c => live.TryGetValue(c, out var there) && !IsOurs(there)) is { } foreign)
        {
            throw new InconclusiveCanaryException(
                $"{foreign} was started by somebody and is in the way. `canary promote` or `canary abort` ends it.");
        }

        var left = deployments.Select(d => CanaryDeployment.KeyOf(ObjectKey.Of(d)))
            .Where(k => live.TryGetValue(k, out var there) && IsOurs(there) && !candidates.Contains(k)).ToList();
        await RemoveAsync(left, cancellationToken);
        if (candidates.Count > 0)
        {
            try
            {
                await TryAsync(canaries, policy!, cancellationToken);
            }
            catch (DeployException exception) when (exception is not ClusterException)
            {
                await RemoveAsync(candidates, cancellationToken);
                throw;
            }
        }

        return candidates;
    }

    public async Task RemoveAsync(IReadOnlyList<ObjectKey> candidates, CancellationToken cancellationToken)
    {
        if (candidates.Count > 0)
        {
            await cluster.DeleteAsync(candidates, new() { Foreground = true, Wait = true }, cancellationToken);
            candidates.ToList().ForEach(c => report($"{c} deleted"));
        }
    }

    private async Task TryAsync(
        IReadOnlyList<(ObjectKey Baseline, CanaryDeployment Canary)> canaries, CanaryPolicy policy,
        CancellationToken cancellationToken)
    {
        foreach (var (_, canary) in canaries)
        {
            canary.Object.Map("metadata")!.Map("annotations")!.Add(StartedBy, Deployer);
            report(string.Create(
                CultureInfo.InvariantCulture,
                $"{ObjectKey.Of(canary.Object)} tries {CanaryDeployment.ImageOf(canary.Object)} on {canary.Replicas} of " +
                $"{canary.Baseline + canary.Replicas} pods."));
        }

        await cluster.ApplyAsync([.. canaries.Select(c => c.Canary.Object)], new(), cancellationToken);
        if (await wait([.. canaries.Select(c => c.Canary.Object)], cancellationToken) is { } reason)
        {
            throw new DeployException(reason);
        }

        var results =
            await Task.WhenAll(
                canaries.Select(async c => (c.Baseline, Result: await JudgeAsync(c.Baseline, policy, cancellationToken))));
        if (results.Where(r => r.Result.Verdict == Verdict.Fail).ToList() is { Count: > 0 } worse)
        {
            throw new DeployException(string.Join("; ", worse.Select(w => Describe(w.Baseline, w.Result))));
        }

        if (Array.Find(results, r => r.Result.Verdict == Verdict.Inconclusive) is { Result: not null } unclear)
        {
            var line = $"the canary of {unclear.Baseline} is inconclusive: errors or latency have fewer than " +
                $"{CanaryJudge.DefaultMinimum} values a side";
            if (!policy.AppliesInconclusive)
            {
                throw new InconclusiveCanaryException(line);
            }

            report($"{line}; applied all the same, as the environment wants it.");
        }
    }

    private async Task<CanaryResult> JudgeAsync(ObjectKey baseline, CanaryPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            var result = await judge(baseline, policy, cancellationToken);
            report($"{baseline}: {result.Verdict.ToString().ToLowerInvariant()} at look {result.Look} of {result.Looks}.");
            return result;
        }
        catch (DeployException exception) when (exception is not ClusterException)
        {
            throw new InconclusiveCanaryException($"The canary of {baseline} can't be judged: {exception.Message}");
        }
    }

    private static bool IsOurs(YamlMap canary) => canary.TextAt("metadata", "annotations", StartedBy) == Deployer;

    // Another digest of the same image; what had no pods has nothing to be compared with.
    private static bool IsChanged(YamlMap live, YamlMap wanted)
    {
        var (now, next) = (CanaryDeployment.ImageOf(live), CanaryDeployment.ImageOf(wanted));
        return next.Digest is not null && now.Digest != next.Digest && now.Name == next.Name
            && live.NumberAt("spec", "replicas") is not 0;
    }

    private static string Describe(ObjectKey baseline, CanaryResult result) =>
        $"the canary of {baseline} is worse: " + string.Join(", ",
        result.Metrics.Where(m => m.Verdict == Verdict.Fail).Select(m => string.Create(
            CultureInfo.InvariantCulture,
            $"{m.Samples.Metric} {m.Samples.Canary.Median():G3} against {m.Samples.Baseline.Median():G3} (p {m.P:G2})")));
}
