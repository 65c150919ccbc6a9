using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting.Run.Health;

/// <summary>What health checks answered, as the resource shows it.</summary>
internal static class HealthReports
{
    /// <summary>
    /// The earlier reports with the new answers. A check that says the same again keeps its report, time included: a resource
    /// that stays healthy does not change every five seconds.
    /// </summary>
    public static ImmutableArray<HealthReportSnapshot> Merge(ImmutableArray<HealthReportSnapshot> earlier, HealthReport report, DateTime now)
    {
        var merged = (earlier.IsDefault ? [] : earlier).ToBuilder();
        foreach (var (name, entry) in report.Entries)
        {
            var answer = new HealthReportSnapshot(name, entry.Status, entry.Description, entry.Exception?.ToString()) { LastRunAt = now };
            var index = merged.FindIndex(old => old.Name == name);
            if (index < 0)
            {
                merged.Add(answer);
            }
            else if (merged[index] with { LastRunAt = null } != answer with { LastRunAt = null })
            {
                merged[index] = answer;
            }
        }

        return merged.ToImmutable();
    }

    private static int FindIndex(this ImmutableArray<HealthReportSnapshot>.Builder reports, Predicate<HealthReportSnapshot> wanted)
    {
        for (var i = 0; i < reports.Count; i++)
        {
            if (wanted(reports[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
