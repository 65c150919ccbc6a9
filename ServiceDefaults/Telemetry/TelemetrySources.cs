using MonoRepo.ServiceDefaults.Redis;

namespace MonoRepo.ServiceDefaults.Telemetry;

/// <summary>The meters and activity sources that are collected: .NET brings them, no instrumentation package is needed.</summary>
internal static class TelemetrySources
{
    public static readonly string[] Meters =
    [
        "System.Runtime",
        "System.Net.Http",
        "System.Net.NameResolution",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Server.Kestrel",
        "MonoRepo.*",
    ];

    /// <summary>Instruments of these meters that every request pays for and no dashboard shows.</summary>
    public static readonly string[] Dropped = ["aspnetcore.routing.match_attempts", "kestrel.queued_requests", "http.server.active_requests"];

    public static readonly string[] Activities =
    [
        "Microsoft.AspNetCore",
        "System.Net.Http",
        "Grpc.Net.Client",
        RedisTracing.SourceName,
    ];
}
