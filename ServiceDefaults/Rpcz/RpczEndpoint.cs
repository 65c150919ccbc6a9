using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        var html = new StringBuilder();
        html.Append(
            CultureInfo.InvariantCulture,
            $"<!doctype html><html lang=en><meta charset=utf-8><title>rpcz: " +
            $"{Encode(snapshot.Service)}</title><style>{Style}</style>");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h1>rpcz: {Encode(snapshot.Service)}</h1><p>Up for {TimeSpan.FromSeconds((long)snapshot.UptimeSeconds)}. Times " +
            $"in ms. <a href=\"?format=json\">JSON</a>");
        foreach (var (direction, title, from) in (ReadOnlySpan<(string, string, string)>)[
            ("in", "Calls that came in", "caller"),
            ("out", "Calls that went out", "while answering"),
        ])
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<h2>{title}</h2><table><tr><th>{from}<th>method<th>in " +
                $"flight<th>oldest<th>over<th>calls/s<th>calls<th>errors<th>p50<th>p90<th>p99");
            foreach (var edge in snapshot.Edges.Where(edge => edge.Direction == direction))
            {
                var span = $" rowspan={edge.Windows.Count}";
                html.Append(
                    CultureInfo.InvariantCulture,
                    $"<tr><td{span}>{Encode(edge.From)}<td{span}>{Encode(edge.To)}<td class=n{span}>{edge.InFlight}<td " +
                    $"class=n{span}>{edge.OldestSeconds * 1000:0}");
                foreach (var window in edge.Windows)
                {
                    var errors = string.Join(", ", window.Codes.Select(code => $"{code.Key} {code.Value}"));
                    html.Append(ReferenceEquals(window, edge.Windows[0]) ? "" : "<tr>");
                    html.Append(
                        CultureInfo.InvariantCulture,
                        $"<td>{window.Window}<td class=n>{window.PerSecond:0.##}<td class=n>{window.Calls}<td>{Encode(errors)}");
                    html.Append(
                        CultureInfo.InvariantCulture,
                        $"<td class=n>{window.P50:0.##}<td class=n>{window.P90:0.##}<td class=n>{window.P99:0.##}");
                }
            }

            html.Append("</table>");
        }

        html.Append("<h2>In flight, the oldest</h2><table><tr><th>from<th>to<th>age");
        foreach (var call in snapshot.InFlight)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Encode(call.From)}<td>{Encode(call.To)}<td class=n>{call.Milliseconds:0}");
        }

        html.Append(
            "</table><h2>The slowest of the last ten minutes</h2><table><tr><th>from<th>to<th>ms<th>began<th>ended " +
            "with<th>trace<th>request");
        foreach (var call in snapshot.Slowest)
        {
            var trace = Encode(call.Trace ?? "");
            trace = dashboard is null || trace.Length == 0
                ? trace
                : $"<a href=\"{Encode(new Uri(dashboard, $"/traces/detail/{call.Trace}").AbsoluteUri)}\">{trace}</a>";
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Encode(call.From)}<td>{Encode(call.To)}<td " +
                $"class=n>{call.Milliseconds:0.##}<td>{Encode(call.Started ?? "")}");
            html.Append(
                CultureInfo.InvariantCulture, $"<td>{Encode(call.Code ?? "")}<td>{trace}<td>{Encode(call.Request ?? "")}");
        }

        return html.Append("</table></html>\n").ToString();
    }

    private static bool WantsJson(HttpRequest request) =>
        request.Query["format"] == "json"
        || (request.GetTypedHeaders().Accept is { Count: > 0 } accept
        && accept.MaxBy(type => type.Quality ?? 1) is { MediaType.Value: "application/json" });

    private static string Direction(CallEdge edge) => edge.IsOutgoing ? "out" : "in";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
