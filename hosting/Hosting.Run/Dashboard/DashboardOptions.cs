using System.Net;
using System.Security.Cryptography;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Where the dashboard and its feed listen and what they are opened with; the configuration keys are Aspire's.</summary>
internal sealed record DashboardOptions
{
    /// <summary>The key of <see cref="ResourceServiceEndPoint"/>.</summary>
    public const string ResourceServiceUrlKey = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";

    /// <summary>The key of <see cref="OtlpGrpcUrl"/>.</summary>
    public const string OtlpGrpcUrlKey = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";

    /// <summary>The key of <see cref="OtlpHttpUrl"/>.</summary>
    public const string OtlpHttpUrlKey = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";

    /// <summary>The key of <see cref="OtlpApiKey"/>.</summary>
    public const string OtlpApiKeyKey = "AppHost:OtlpApiKey";

    private const string FrontendUrlsKey = "ASPNETCORE_URLS";

    /// <summary>The program: <c>DcpPublisher:DashboardPath</c>, else <c>ASPIRE_DASHBOARD_PATH</c>, else where the build put it.</summary>
    public string? ProgramPath { get; init; }

    /// <summary>Where browsers go: the AppHost's own <c>ASPNETCORE_URLS</c>. Default: a free port of 127.0.0.1.</summary>
    public IReadOnlyList<Uri> FrontendUrls { get; init; } = [AnyPort];

    /// <summary>Where telemetry over gRPC goes. Null: nowhere, only <see cref="OtlpHttpUrl"/> was asked for.</summary>
    public Uri? OtlpGrpcUrl { get; init; } = AnyPort;

    /// <summary>Where telemetry over HTTP goes. Null: nowhere, only <see cref="OtlpGrpcUrl"/> was asked for.</summary>
    public Uri? OtlpHttpUrl { get; init; } = AnyPort;

    /// <summary>Where the feed is served; loopback only. Default: a free port of 127.0.0.1.</summary>
    public IPEndPoint ResourceServiceEndPoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>What a person logs in with; null: anybody may look.</summary>
    public string? BrowserToken { get; init; }

    /// <summary>What senders of telemetry show; null: anybody may send.</summary>
    public string? OtlpApiKey { get; init; }

    /// <summary>What readers of telemetry show; null: anybody may read.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What the dashboard shows to the feed.</summary>
    public required string ResourceServiceApiKey { get; init; }

    /// <summary>ASP.NET's environment of the dashboard. Default Production.</summary>
    public string EnvironmentName { get; init; } = "Production";

    /// <summary>Whether the dashboard shows itself. Default false.</summary>
    public bool IsVisible { get; init; }

    private static Uri AnyPort { get; } = new("http://127.0.0.1:0");

    /// <summary>Reads the configuration, in which the builder has put the keys of this run.</summary>
    /// <param name="configuration">The AppHost's configuration.</param>
    /// <param name="builtProgramPath">Where the build put the dashboard: the AppHost's metadata <c>aspiredashboardpath</c>.</param>
    /// <exception cref="DistributedApplicationException">A URL can't be used.</exception>
    public static DashboardOptions From(IConfiguration configuration, string? builtProgramPath)
    {
        // Several AppHosts side by side, as in tests, can't have the port that one of them was promised.
        var anyPort = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        var grpc = UrlsOf(configuration, OtlpGrpcUrlKey, anyPort).SingleOrDefault();
        var http = UrlsOf(configuration, OtlpHttpUrlKey, anyPort).SingleOrDefault();
        return new()
        {
            ProgramPath = configuration["DcpPublisher:DashboardPath"] ?? configuration["ASPIRE_DASHBOARD_PATH"] ?? builtProgramPath,
            FrontendUrls = UrlsOf(configuration, FrontendUrlsKey, anyPort) is { Count: > 0 } urls ? urls : [AnyPort],
            OtlpGrpcUrl = grpc ?? (http is null ? AnyPort : null),
            OtlpHttpUrl = http ?? (grpc is null ? AnyPort : null),
            ResourceServiceEndPoint = LoopbackOf(UrlsOf(configuration, ResourceServiceUrlKey, anyPort).SingleOrDefault() ?? AnyPort),
            BrowserToken = configuration["AppHost:BrowserToken"],
            OtlpApiKey = configuration[OtlpApiKeyKey],
            ApiKey = configuration["AppHost:DashboardApiKey"],
            // Even where people may come and go freely: only the dashboard has any business with the feed.
            ResourceServiceApiKey = configuration["AppHost:ResourceService:ApiKey"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true),
            EnvironmentName = configuration["ASPNETCORE_ENVIRONMENT"] ?? "Production",
            IsVisible = configuration.GetValue("ASPIRE_SHOW_DASHBOARD_RESOURCES", false),
        };
    }

    private static List<Uri> UrlsOf(IConfiguration configuration, string key, bool anyPort) =>
    [
        .. (configuration[key] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? anyPort ? new UriBuilder(url) { Port = 0 }.Uri : url
                : throw new DistributedApplicationException($"{key} is '{text}', which is not a URL such as http://localhost:18888.")),
    ];

    private static IPEndPoint LoopbackOf(Uri url) =>
        url.IsLoopback && url.Scheme == Uri.UriSchemeHttp
            ? new(IPAddress.TryParse(url.DnsSafeHost, out var address) ? address : IPAddress.Loopback, url.Port)
            : throw new DistributedApplicationException($"{ResourceServiceUrlKey} is '{url}'; the feed is served as http on a loopback address only, such as http://127.0.0.1:20001.");
}
