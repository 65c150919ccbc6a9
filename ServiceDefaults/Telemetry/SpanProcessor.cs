using System.Diagnostics;
using MonoRepo.ServiceDefaults.Health;
using OpenTelemetry;

namespace MonoRepo.ServiceDefaults.Telemetry;

/// <summary>
/// What the instrumentation packages would do to .NET's own spans: drops those of health probes and scrapes, which come every
/// second and say nothing, and names the others by method or route, since .NET calls them all HttpRequestIn and GrpcOut.
/// </summary>
internal sealed class SpanProcessor : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server && PathOf(data) is { } path && HealthPaths.IsProbe(path))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
        else if (data.GetTagItem("grpc.method") is string method)
        {
            // /routeguide.RouteGuide/GetFeature -> routeguide.RouteGuide/GetFeature, as OpenTelemetry's RPC conventions name it
            data.DisplayName = method.TrimStart('/');
        }
        else if (data.Kind == ActivityKind.Server && data.GetTagItem("http.route") is string route)
        {
            data.DisplayName = $"{data.GetTagItem("http.request.method")} {route}";
        }
    }

    private static string? PathOf(Activity activity) => (activity.GetTagItem("url.path") ?? activity.GetTagItem("http.route")) as string;
}
