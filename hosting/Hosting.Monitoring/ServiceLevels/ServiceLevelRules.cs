using System.Globalization;
using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Hosting.Monitoring.ServiceLevels;

/// <summary>
/// Objectives to rules. Each service records its objectives, calls and errors; ratios over all windows and the alerts are the
/// same rules for all. Long windows are made of the recorded rates, so that three days cost no more than five minutes, and
/// weighted by calls.
/// </summary>
internal static class ServiceLevelRules
{
    public const string AlertName = "ErrorBudgetBurn";

    public static IEnumerable<Rule> Recorded(MonitoredResource resource) => Indicator.Of(resource).SelectMany(i => (Rule[])
    [
        new(SliMetrics.Objective, null, FormattableString.Invariant($"vector({i.Objective})"),
            Labels: new SortedDictionary<string, string> { ["job"] = resource.Name, ["sli"] = i.Name }),
        new(SliMetrics.Requests, null, i.Requests, Labels: Sli(i)),
        new(SliMetrics.Errors, null, i.Errors, Labels: Sli(i)),
    ]);

    /// <summary>
    /// What follows for all services. The windows of a new service or a local run begin empty, and the first calls are slow:
    /// nothing is said before the objective is as old as the short window.
    /// </summary>
    public static IEnumerable<Rule> Shared(Alerts alerts)
    {
        foreach (var window in BurnRate.Windows)
        {
            // No calls, no ratio: nothing was wrong, and nothing right.
            yield return new(
                SliMetrics.ErrorRatio(window), null,
                $"sum_over_time({SliMetrics.Errors}[{window}]) / (sum_over_time({SliMetrics.Requests}[{window}]) > 0)");
        }

        yield return new(SliMetrics.BudgetRemaining, null, $"1 - {SliMetrics.ErrorRatio("30d")} / (1 - {SliMetrics.Objective})");
        foreach (var rate in BurnRate.All)
        {
            // Over the long window, so that a Prometheus that was away says no less than before.
            var isOldEnough = $"present_over_time({SliMetrics.Objective}[{rate.Long}] offset {rate.Short})";
            yield return alerts.Alert(
                AlertName,
                $"{Burns(rate.Long, rate.Factor)}\nand\n{Burns(rate.Short, rate.Factor)}\nand\n{isOldEnough}",
                TimeSpan.Zero,
                rate.Severity,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{{{ $labels.job }}}} spends its {{{{ $labels.sli }}}} budget {rate.Factor} times too fast: {{{{ $value " +
                    $"| humanizePercentage }}}} of the calls of {rate.Long} fell short, {rate.Spent} of the budget of 30 days."),
                "{{ $labels.job }}",
                new Dictionary<string, string> { ["window"] = rate.Long });
        }
    }

    private static string Burns(string window, double factor) =>
        FormattableString.Invariant($"{SliMetrics.ErrorRatio(window)} > {factor} * (1 - {SliMetrics.Objective})");

    private static SortedDictionary<string, string> Sli(Indicator indicator) => new() { ["sli"] = indicator.Name };
}

/// <summary>
/// How fast an error budget may be spent before somebody is told: over the long window, and still so over the short one. The four
/// are those of the Google SRE workbook, chapter 5, table 5-8.
/// </summary>
/// <param name="Factor">How many times faster than the budget of 30 days lasts.</param>
/// <param name="Short">Short window, so that the alert ends soon after the fault does.</param>
/// <param name="Severity">Page or ticket.</param>
/// <param name="Spent">Which part of the budget is gone when it fires.</param>
internal sealed record BurnRate(double Factor, string Long, string Short, AlertSeverity Severity, string Spent)
{
    public static IReadOnlyList<BurnRate> All { get; } =
    [
        new(14.4, "1h", "5m", AlertSeverity.Page, "2 %"),
        new(6, "6h", "30m", AlertSeverity.Page, "5 %"),
        new(3, "1d", "2h", AlertSeverity.Ticket, "10 %"),
        new(1, "3d", "6h", AlertSeverity.Ticket, "10 %"),
    ];

    /// <summary>All windows, and the 30 days of the budget itself.</summary>
    public static IReadOnlyList<string> Windows { get; } = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"];
}

/// <summary>Names of the recorded series: labels that are left, what is measured, over which time.</summary>
internal static class SliMetrics
{
    public const string Objective = "job_sli:objective:ratio";
    public const string Requests = "job_sli:requests:rate5m";
    public const string Errors = "job_sli:errors:rate5m";
    public const string BudgetRemaining = "job_sli:error_budget_remaining:ratio30d";

    public static string ErrorRatio(string window) => $"job_sli:error_ratio:rate{window}";
}
