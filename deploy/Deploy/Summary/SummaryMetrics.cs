using System.Globalization;
using System.Text.Json;
using MonoRepo.Deploy.Operations;

namespace MonoRepo.Deploy.Summary;

/// <summary>Asks Prometheus what a summary says.</summary>
internal static class SummaryMetrics
{
    /// <summary>What is left of error budgets.</summary>
    public const string Budgets = "budgets";

    /// <summary>How long alerts fired.</summary>
    public const string Alerts = "alerts";

    /// <summary>Calls that failed.</summary>
    public const string Errors = "errors";

    /// <summary>Processor time.</summary>
    public const string Processor = "processor";

    /// <summary>The same, one time span before.</summary>
    public const string ProcessorBefore = "processor before";

    public const string Memory = "memory";

    /// <summary>The same, one time span before.</summary>
    public const string MemoryBefore = "memory before";

    private static readonly (string Metric, string[] Labels, string Query)[] s_queries =
    [
        (Budgets, ["job", "sli"], "max by (job, sli) (job_sli:error_budget_remaining:ratio30d)"),
        (Alerts, ["alertname", "severity"],
            "count_over_time((max by (alertname, severity) (ALERTS{alertstate=\"firing\"}))[SPAN:1m])"),
        (Errors, ["job", "grpc_method", "grpc_status"],
            "topk(10, sum by (job, grpc_method, grpc_status) " +
            "(increase(grpc_server_call_duration_seconds_count{grpc_status!=\"OK\"}[SPAN]))) >= 1"),
        (Processor, ["job"], "sum by (job) (rate(dotnet_process_cpu_time_seconds_total[SPAN]))"),
        (ProcessorBefore, ["job"], "sum by (job) (rate(dotnet_process_cpu_time_seconds_total[SPAN] offset SPAN))"),
        (Memory, ["job"], "avg_over_time((sum by (job) (dotnet_process_memory_working_set_bytes))[SPAN:5m])"),
        (MemoryBefore, ["job"], "avg_over_time((sum by (job) (dotnet_process_memory_working_set_bytes))[SPAN:5m] offset SPAN)"),
    ];

    /// <summary>Asks.</summary>
    /// <exception cref="DeployException">Prometheus can't be queried, or refuses.</exception>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<MeasuredValue>>> ReadAsync(
        HttpClient prometheus, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, IReadOnlyList<MeasuredValue>>();
        var span = string.Create(CultureInfo.InvariantCulture, $"{(long)(until - from).TotalSeconds}s");
        foreach (var (metric, labels, query) in s_queries)
        {
            var parameters = new Dictionary<string, string>
            {
                ["query"] = query.Replace("SPAN", span, StringComparison.Ordinal),
                ["time"] = until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            };
            answers[metric] = await PrometheusApi.QueryAsync(
                prometheus, "query", parameters, series => Read(series, labels), cancellationToken);
        }

        return answers;
    }

    private static IEnumerable<MeasuredValue> Read(JsonElement series, string[] labels)
    {
        var value = double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
        var metric = series.GetProperty("metric");
        return double.IsFinite(value)
            ? [new([.. labels.Select(l => metric.TryGetProperty(l, out var label) ? label.GetString()! : "")], value)]
            : [];
    }
}
