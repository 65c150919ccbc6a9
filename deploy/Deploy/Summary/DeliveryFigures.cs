using MonoRepo.Deploy.Activity;

namespace MonoRepo.Deploy.Summary;

/// <summary>The four figures of DORA, of an environment's history and the commits of the branch.</summary>
/// <param name="Deployments">Changes that were brought there and work.</param>
/// <param name="Failures">Changes that did not work, or were rolled back.</param>
/// <param name="LeadTime">Half of the commits took less time from the branch to the environment; null: none got there.</param>
/// <param name="TimeToRestore">Half of the failures took less time until something worked again; null: there was none, or none
/// was.</param>
internal sealed record DeliveryFigures(int Deployments, int Failures, TimeSpan? LeadTime, TimeSpan? TimeToRestore)
{
    private const string Rollback = "rollback";

    private static readonly string[] s_deploying = ["apply", "canary promote"];

    /// <summary>The share of changes that failed; null: there were none.</summary>
    public double? FailureRate => Deployments + Failures == 0 ? null : (double)Failures / (Deployments + Failures);

    /// <summary>Reckons them.</summary>
    /// <param name="commits">The commits of the branch, newest first.</param>
    public static DeliveryFigures Of(IEnumerable<ActivityEntry> history, IReadOnlyList<MergedCommit> commits)
    {
        var entries = history.OrderBy(e => e.At).ToList();
        var deployments = entries.Where(IsDeployment).ToList();
        List<TimeSpan> leads = [], restores = [];
        var index = commits.Select((c, i) => (c.Hash, i)).ToDictionary(c => c.Hash, c => c.i);
        var arrived = commits.Count;
        foreach (var deployment in deployments.Where(d => d.IsGood))
        {
            // The first deployment of a commit, or of a later one, brings it there.
            if (deployment.Commit is { } commit && index.TryGetValue(commit.Split('-')[0], out var at))
            {
                for (; arrived > at; arrived--)
                {
                    leads.Add(End(deployment) - commits[arrived - 1].At);
                }
            }
        }

        var failures = 0;
        ActivityEntry? failed = null;
        foreach (var entry in entries.Where(e => IsDeployment(e) || e.Command == Rollback))
        {
            // What is rolled back after it seemed to work failed when that was seen.
            if (failed is null && (!entry.IsGood || entry.Command == Rollback))
            {
                failures++;
                failed = entry;
            }

            if (failed is not null && entry.IsGood)
            {
                restores.Add(End(entry) - failed.At);
                failed = null;
            }
        }

        return new(deployments.Count(d => d.IsGood), failures, Median(leads), Median(restores));
    }

    private static bool IsDeployment(ActivityEntry entry) => s_deploying.Contains(entry.Command) && entry.Resources.Count > 0;

    private static DateTimeOffset End(ActivityEntry entry) => entry.At + TimeSpan.FromSeconds(entry.Seconds);

    private static TimeSpan? Median(List<TimeSpan> times)
    {
        times.Sort();
        return times.Count == 0 ? null : (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }
}
