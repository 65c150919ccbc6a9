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
