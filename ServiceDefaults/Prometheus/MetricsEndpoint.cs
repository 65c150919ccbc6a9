using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.ServiceDefaults.Health;
using OpenTelemetry.Metrics;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>Where Prometheus scrapes.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void MapMetrics(this WebApplication app)
    {
        // None where metrics are turned off. Made here, because the exporter works only once its provider exists.
        if (app.Services.GetService<MeterProvider>() is not null)
        {
            app.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], ScrapeAsync).OnManagementEndpoint().DisableHttpMetrics();
        }
    }

    private static async Task ScrapeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var wanted = ScrapeNegotiation.Of(request.Headers.Accept, request.Headers.AcceptEncoding);
        var answer = await context.RequestServices.GetRequiredService<MetricsScraper>().ScrapeAsync(wanted.Format, context.RequestAborted);
        var body = wanted.Gzip ? answer.Compressed : answer.Body;
        response.ContentType = wanted.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (wanted.Gzip)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
