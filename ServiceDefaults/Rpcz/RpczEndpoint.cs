using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.ServiceDefaults.Rpcz;

/// <summary>A row of the page.</summary>
internal sealed record EdgeSnapshot(
    string Direction, string From, string To, int InFlight, double OldestSeconds, IReadOnlyList<WindowSnapshot> Windows);

/// <summary>A call that takes or took long.</summary>
internal sealed record CallSnapshot(
    string Direction, string From, string To, double Milliseconds, string? Started, string? Code, string? Trace, string? Request);

/// <summary>All of it.</summary>
internal sealed record RpczSnapshot(
    string Service, double UptimeSeconds, IReadOnlyList<EdgeSnapshot> Edges, IReadOnlyList<CallSnapshot> InFlight,
    IReadOnlyList<CallSnapshot> Slowest);

/// <summary>
/// <c>/rpcz</c>: the calls of this process by edge, as a page without scripts and as JSON. It names services, methods and ids;
/// nothing that a call carried.
/// </summary>
internal static class RpczEndpoint
{
    public const string Path = "/rpcz";

    private const int MaxInFlight = 20;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private const string Style = """
        body{font:14px system-ui,sans-serif;margin:2em}table{border-collapse:collapse;margin-bottom:2em}
        th,td{padding:.25em .6em;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums}
        """;

    /// <summary>Keeps a table of the calls, unless <c>Rpcz__Enabled=false</c>.</summary>
    public static void AddRpcz(this IHostApplicationBuilder builder)
    {
        if (!"false".Equals(builder.Configuration["Rpcz:Enabled"], StringComparison.OrdinalIgnoreCase))
        {
            builder.Services.AddSingleton<CallTable>();
        }
    }

    public static IEndpointConventionBuilder MapRpcz(this WebApplication app, CallTable table)
    {
        var service = app.Configuration.ServiceName(app.Environment);
        var dashboard = Uri.TryCreate(app.Configuration["Rpcz:DashboardUrl"], UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https" ? url : null;
        return app.MapGet(Path, async (HttpContext http) =>
        {
            var snapshot = Read(table, service);
            http.Response.Headers.CacheControl = "no-store";
            if (WantsJson(http.Request))
            {
                await http.Response.WriteAsJsonAsync(snapshot, s_json, http.RequestAborted);
                return;
            }

            http.Response.ContentType = "text/html; charset=utf-8";
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
            await http.Response.WriteAsync(Render(snapshot, dashboard), http.RequestAborted);
        });
    }

    internal static RpczSnapshot Read(CallTable table, string service)
    {
        var now = table.Seconds;
        var edges = new List<EdgeSnapshot>();
        var running = new List<CallSnapshot>();
        foreach (var (edge, calls) in table.Edges.OrderBy(edge => edge.Key.IsOutgoing).ThenBy(
            edge => edge.Key.To, StringComparer.Ordinal)
            .ThenBy(edge => edge.Key.From, StringComparer.Ordinal))
        {
            var (windows, inFlight) = calls.Read(now);
            var ages = inFlight.Select(call => table.AgeOf(call)).ToList();
            edges.Add(new(
                Direction(edge), edge.From, edge.To, ages.Count, ages.Count > 0 ? ages.Max().TotalSeconds : 0, windows));
            running.AddRange(ages.Select(
                age => new CallSnapshot(Direction(edge), edge.From, edge.To, age.TotalMilliseconds, null, null, null, null)));
        }

        return new(
            service, now, edges, [.. running.OrderByDescending(call => call.Milliseconds).Take(MaxInFlight)],
            [
                .. table.Slowest().Select(call => new CallSnapshot(
                    Direction(call.Edge), call.Edge.From, call.Edge.To, call.Duration.TotalMilliseconds,
                    call.Started.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), call.Code, call.Trace,
                    call.Request)),
            ]);
    }

    internal static string Render(RpczSnapshot snapshot, Uri? dashboard)
    {
        Html page =
            $"<!doctype html><html lang=en><meta charset=utf-8><title>rpcz: {snapshot.Service}</title>" +
            $"<style>{Html.Raw(Style)}</style><h1>rpcz: {snapshot.Service}</h1>" +
            $"<p>Up for {TimeSpan.FromSeconds((long)snapshot.UptimeSeconds)}. Times in ms. <a href=\"?format=json\">JSON</a>" +
            $"{Calls("in", "Calls that came in", "caller")}{Calls("out", "Calls that went out", "while answering")}" +
            $"<h2>In flight, the oldest</h2><table><tr><th>from<th>to<th>age{snapshot.InFlight.Select(InFlight)}</table>" +
            $"<h2>The slowest of the last ten minutes</h2><table><tr><th>from<th>to<th>ms<th>began<th>ended with<th>trace" +
            $"<th>request{snapshot.Slowest.Select(call => Slow(call, dashboard))}</table></html>\n";
        return page.ToString();

        Html Calls(string direction, string title, string from) =>
            $"<h2>{title}</h2><table><tr><th>{from}<th>method<th>in flight<th>oldest<th>over<th>calls/s<th>calls<th>errors" +
            $"<th>p50<th>p90<th>p99{snapshot.Edges.Where(edge => edge.Direction == direction).Select(Edge)}</table>";
    }

    private static Html Edge(EdgeSnapshot edge)
    {
        Html span = $" rowspan={edge.Windows.Count}";
        return
            $"<tr><td{span}>{edge.From}<td{span}>{edge.To}<td class=n{span}>{edge.InFlight}" +
            $"<td class=n{span}>{edge.OldestSeconds * 1000:0}{edge.Windows.Select(Window)}";
    }

    // The first is in the row of its edge.
    private static Html Window(WindowSnapshot window, int index) =>
        $"{(index == 0 ? Html.None : $"<tr>")}<td>{window.Window}<td class=n>{window.PerSecond:0.##}<td class=n>{window.Calls}" +
        $"<td>{string.Join(", ", window.Codes.Select(code => $"{code.Key} {code.Value}"))}" +
        $"<td class=n>{window.P50:0.##}<td class=n>{window.P90:0.##}<td class=n>{window.P99:0.##}";

    private static Html InFlight(CallSnapshot call) =>
        $"<tr><td>{call.From}<td>{call.To}<td class=n>{call.Milliseconds:0}";

    private static Html Slow(CallSnapshot call, Uri? dashboard)
    {
        var trace = dashboard is null || call.Trace is null or ""
            ? (Html)$"{call.Trace}"
            : Html.Link(new Uri(dashboard, $"/traces/detail/{call.Trace}").AbsoluteUri, call.Trace);
        return
            $"<tr><td>{call.From}<td>{call.To}<td class=n>{call.Milliseconds:0.##}<td>{call.Started}<td>{call.Code}" +
            $"<td>{trace}<td>{call.Request}";
    }

    private static bool WantsJson(HttpRequest request) =>
        request.Query["format"] == "json"
        || (request.GetTypedHeaders().Accept is { Count: > 0 } accept
        && accept.MaxBy(type => type.Quality ?? 1) is { MediaType.Value: "application/json" });

    private static string Direction(CallEdge edge) => edge.IsOutgoing ? "out" : "in";
}
