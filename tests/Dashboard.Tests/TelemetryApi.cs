using System.Net;
using System.Text.Json.Nodes;

namespace MonoRepo.Tests;

/// <summary>The dashboard's HTTP interface for programs.</summary>
/// <param name="dashboard">Any URL of the dashboard.</param>
/// <param name="apiKey">The key.</param>
public sealed class TelemetryApi(Uri dashboard, string apiKey)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _client = new() { BaseAddress = dashboard };

    /// <summary>Waits until the dashboard answers.</summary>
    public async Task WaitUntilUpAsync(CancellationToken cancellationToken)
    {
        while (!await IsUpAsync(cancellationToken))
        {
            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>The status of an answer to a caller with this key.</summary>
    public async Task<HttpStatusCode> TryAsync(string? key, CancellationToken cancellationToken)
    {
        using var response = await SendAsync("/api/telemetry/resources", key, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Waits for a trace that satisfies the condition; its spans.</summary>
    public async Task<IReadOnlyList<Span>> WaitForTraceAsync(Func<IReadOnlyList<Span>, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await SendAsync("/api/telemetry/spans?limit=5000", apiKey, cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            var traces = SpansOf(answer).GroupBy(span => span.TraceId).Select(trace => trace.ToList());
            if (traces.FirstOrDefault(condition) is { } found)
            {
                return found;
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    private static IEnumerable<Span> SpansOf(JsonNode answer) =>
        from resource in Items(answer["data"]?["resourceSpans"])
        let service = Items(resource["resource"]?["attributes"]).First(a => Text(a["key"]) == "service.name")["value"]!["stringValue"]!.GetValue<string>()
        from scope in Items(resource["scopeSpans"])
        from span in Items(scope["spans"])
        select new Span(Text(span["traceId"]), service, Text(scope["scope"]?["name"]), Text(span["name"]), span["kind"]?.ToString() ?? "");

    private static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonNode>();

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private async Task<bool> IsUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync("/health", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        return await _client.SendAsync(request, cancellationToken);
    }
}

/// <summary>A span.</summary>
/// <param name="TraceId">The trace.</param>
/// <param name="Service">Who sent it: a resource of the graph.</param>
/// <param name="Scope">The source in that service.</param>
/// <param name="Name">What was done.</param>
/// <param name="Kind">OpenTelemetry's number: 2 server, 3 client.</param>
public sealed record Span(string TraceId, string Service, string Scope, string Name, string Kind);
