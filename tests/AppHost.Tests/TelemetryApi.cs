using System.Net;
using System.Text.Json.Nodes;

namespace MonoRepo.Tests;

/// <summary>The dashboard's HTTP API for telemetry.</summary>
/// <param name="dashboard">Any URL of the dashboard.</param>
/// <param name="apiKey">The key.</param>
public sealed class TelemetryApi(Uri dashboard, string apiKey)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    private readonly HttpClient _client = new() { BaseAddress = dashboard };

    /// <summary>The status of the answer to a caller with this key.</summary>
    public async Task<HttpStatusCode> GetStatusAsync(string? key, CancellationToken cancellationToken)
    {
        using var response = await SendAsync("/api/telemetry/resources", key, cancellationToken);
        return response.StatusCode;
    }

    /// <summary>Waits for a trace from the client through the server to Redis; returns its spans.</summary>
    public async Task<IReadOnlyList<Span>> WaitForTraceToRedisAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Span>? found = null;
        await WaitForSpansAsync(
            spans => (found = spans.GroupBy(span => span.TraceId).Select(trace => trace.ToList())
                .FirstOrDefault(IsToRedis)) is not null,
            cancellationToken);
        return found!;

        static bool IsToRedis(IReadOnlyList<Span> trace) =>
            trace.Any(span => span is { Service: "routeguide-client", Kind: Span.Client })
            && trace.Any(span => span is { Service: "routeguide-server", Kind: Span.Server })
            && trace.Any(span => span.IsRedisCall && span.Service == "routeguide-server");
    }

    /// <summary>Waits until the spans that have arrived satisfy the condition.</summary>
    public Task WaitForSpansAsync(Predicate<IReadOnlyList<Span>> condition, CancellationToken cancellationToken) =>
        Eventually.BecomesAsync(
            () => GetSpansAsync(cancellationToken), condition, spans => $"There are {spans.Count} spans, and not those wanted.",
            interval: 200, s_timeout);

    // {"data":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"x"}}]},
    // "scopeSpans":[{"scope":{"name":"s"},"spans":[…]}]}]}}
    private async Task<IReadOnlyList<Span>> GetSpansAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync("/api/telemetry/spans?limit=5000", apiKey, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        return [..
            from resource in Items(answer["data"]?["resourceSpans"])
            let attributes = Items(resource["resource"]?["attributes"]).ToDictionary(
                a => Text(a["key"]), a => Text(a["value"]?["stringValue"]))
            from scope in Items(resource["scopeSpans"])
            from span in Items(scope["spans"])
            select new Span(
                Text(span["traceId"]),
                attributes["service.name"],
                attributes.GetValueOrDefault("service.instance.id", ""),
                Text(scope["scope"]?["name"]),
                Text(span["name"]),
                span["kind"]?.ToString() ?? "")];
    }

    private static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonNode>();

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

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
/// <param name="Service">The resource of the graph that sent it.</param>
/// <param name="Instance">The replica.</param>
/// <param name="Scope">The activity source.</param>
/// <param name="Name">The operation.</param>
/// <param name="Kind">OpenTelemetry's number.</param>
public sealed record Span(string TraceId, string Service, string Instance, string Scope, string Name, string Kind)
{
    /// <summary>The kind of a call's receiver.</summary>
    public const string Server = "2";

    /// <summary>The kind of a caller.</summary>
    public const string Client = "3";

    /// <summary>Whether it is a command sent to Redis.</summary>
    public bool IsRedisCall => Kind == Client && Scope.Contains("Redis", StringComparison.OrdinalIgnoreCase);
}
