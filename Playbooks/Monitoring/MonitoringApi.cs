using System.Globalization;
using System.Text.Json;

namespace MonoRepo.Playbooks.Monitoring;

/// <summary>What was asked for, or one line about why it can't be had.</summary>
internal sealed record Answer<T>(T Value, string? Problem = null);

/// <summary>A series: its labels, and its samples as seconds since 1970 and value.</summary>
internal sealed record Series(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<(double Time, double Value)> Points)
{
    public double Last => Points.Count > 0 ? Points[^1].Value : double.NaN;
}

/// <summary>What the pages need of the HTTP APIs of Prometheus (v1) and Alertmanager (v2). Failures are answers.</summary>
internal sealed class MonitoringApi(HttpClient http, PlaybooksOptions options)
{
    private const string NoPrometheus =
        "No Prometheus runs here. Install it (Debian, Ubuntu: apt install prometheus prometheus-alertmanager) or start a "
        + "container runtime, then start the run again without --monitoring off.";

    /// <summary>Alerting rules with their active alerts.</summary>
    /// <remarks>
    /// <code>{ "data": { "groups": [{ "rules": [{ "name": "X", "query": "up == 0", "alerts": [{ … }] }] }] } }</code>
    /// </remarks>
    public async Task<Answer<IReadOnlyList<AlertingRule>>> ReadRulesAsync(CancellationToken cancellationToken)
    {
        var answer = await AskPrometheusAsync("api/v1/rules?type=alert", cancellationToken);
        return Convert<IReadOnlyList<AlertingRule>>(answer, [], data =>
        [
            .. data.GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Select(rule => rule.Deserialize<AlertingRule>(JsonSerializerOptions.Web)!),
        ]);
    }

    /// <summary>What an expression is now.</summary>
    public async Task<Answer<IReadOnlyList<Series>>> QueryAsync(string expression, CancellationToken cancellationToken)
    {
        var answer = await AskPrometheusAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}", cancellationToken);
        return Convert<IReadOnlyList<Series>>(answer, [], data => [.. data.GetProperty("result").EnumerateArray().Select(series =>
            new Series(LabelsOf(series), [PointOf(series.GetProperty("value"))]))]);
    }

    /// <summary>What an expression was over time.</summary>
    public async Task<Answer<IReadOnlyList<Series>>> QueryRangeAsync(
        string expression, long start, long end, long step, CancellationToken cancellationToken)
    {
        var answer = await AskPrometheusAsync(
            $"api/v1/query_range?query={Uri.EscapeDataString(expression)}&start={start}&end={end}&step={step}",
            cancellationToken);
        return Convert<IReadOnlyList<Series>>(answer, [], data => [.. data.GetProperty("result").EnumerateArray().Select(series =>
            new Series(LabelsOf(series), [.. series.GetProperty("values").EnumerateArray().Select(PointOf)]))]);
    }

    /// <summary>What Alertmanager knows of: <c>alerts</c> or <c>silences</c>.</summary>
    public async Task<Answer<IReadOnlyList<T>>> ReadAlertmanagerAsync<T>(string what, CancellationToken cancellationToken)
    {
        var answer = options.Alertmanager is { } alertmanager
            ? await AskAsync("Alertmanager", alertmanager, $"api/v2/{what}", root => root, cancellationToken)
            : new(default);
        return Convert<IReadOnlyList<T>>(answer, [], list => list.Deserialize<IReadOnlyList<T>>(JsonSerializerOptions.Web)!);
    }

    private async Task<Answer<JsonElement>> AskPrometheusAsync(string query, CancellationToken cancellationToken) =>
        options.Prometheus is { } prometheus
            ? await AskAsync("Prometheus", prometheus, query, root => root.GetProperty("data"), cancellationToken)
            : new(default, NoPrometheus);

    private async Task<Answer<JsonElement>> AskAsync(
        string name, Uri address, string query, Func<JsonElement, JsonElement> choose, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(address, query), cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                var line = text.ReplaceLineEndings(" ").Trim();
                return new(default, $"{name} at {address} answers {(int)response.StatusCode}: {line}");
            }

            using var json = JsonDocument.Parse(text);
            return new(choose(json.RootElement).Clone());
        }
        catch (Exception exception) when (
            IsFailure(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(default, $"{name} at {address} doesn't answer: {exception.Message}");
        }
    }

    private static Answer<T> Convert<T>(Answer<JsonElement> answer, T none, Func<JsonElement, T> convert)
    {
        try
        {
            return answer.Value.ValueKind == JsonValueKind.Undefined ? new(none, answer.Problem) : new(convert(answer.Value));
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return new(none, $"The answer can't be read: {exception.Message}");
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException;

    private static Dictionary<string, string> LabelsOf(JsonElement series) =>
        series.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);

    // [1732700000.123, "0.5"], where the text may be NaN or +Inf.
    private static (double Time, double Value) PointOf(JsonElement point) =>
        (point[0].GetDouble(), point[1].GetString() switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            { } text => double.Parse(text, CultureInfo.InvariantCulture),
            null => double.NaN,
        });
}
