using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>A receiver of telemetry in the cluster.</summary>
public static class TelemetryDashboardExtensions
{
    private const int PagesPort = 18888;
    private const int OtlpPort = 18889;

    // From 13.6 on, telemetry is in a database there; the default image is older. What bounds it is the number of traces, not of
    // spans: 3 KiB for each of these.
    private const string TemporarySize = "1Gi";
    private const long User = 1654; // the number of the .NET images' "app"

    /// <summary>
    /// Adds the standalone Aspire dashboard to what is published: all resources with an OTLP exporter send to it. Both of its
    /// doors are locked: pages by the secret <c>&lt;name&gt;-token</c>, telemetry by <c>&lt;name&gt;-api-key</c>. It keeps what
    /// is new, as its limits say, until its pod ends: for environments that a person looks at, chosen by <c>OnlyIn</c>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="tag">Version of the image.</param>
    public static IResourceBuilder<TelemetryDashboardResource> AddTelemetryDashboard(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string tag = "13.5.2")
    {
        var token = Secret($"{name}-token");
        var key = Secret($"{name}-api-key");
        var image = new ContainerImageAnnotation { Registry = "mcr.microsoft.com", Image = "dotnet/aspire-dashboard", Tag = tag };
        var environment = new EnvironmentCallbackAnnotation((Dictionary<string, object> variables) =>
        {
            variables["ASPNETCORE_URLS"] = $"http://*:{PagesPort}";
            variables["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://*:{OtlpPort}";
            variables["Dashboard__Frontend__AuthMode"] = "BrowserToken";
            variables["Dashboard__Frontend__BrowserToken"] = token;
            variables["Dashboard__Otlp__AuthMode"] = "ApiKey";
            variables["Dashboard__Otlp__PrimaryApiKey"] = key;
            variables["Dashboard__TelemetryLimits__MaxLogCount"] = "5000";
            variables["Dashboard__TelemetryLimits__MaxTraceCount"] = "500";
            // of each series: over an hour at a point each ten seconds
            variables["Dashboard__TelemetryLimits__MaxMetricsCount"] = "500";
            variables["Dashboard__TelemetryLimits__MaxAttributeLength"] = "2048";
            variables["Dashboard__TelemetryLimits__MaxSpanEventCount"] = "32";
        });
        var container = new ContainerResource(name)
        {
            Annotations =
            {
                image,
                environment,
                new EndpointAnnotation(
                    ProtocolType.Tcp, "http", name: TelemetryDashboardResource.Pages, targetPort: PagesPort, isExternal: true),
                new EndpointAnnotation(ProtocolType.Tcp, "http", "http2", TelemetryDashboardResource.Otlp, targetPort: OtlpPort),
            },
        };
        return builder.AddResource(new TelemetryDashboardResource(name)).WithContainerManifest(container)
            .WithInitialState(new() { ResourceType = "TelemetryDashboard", Properties = [], IsHidden = true })
            .WithAnnotation(
                new PublishedPortAnnotation(TelemetryDashboardResource.Pages, PagesPort) { Scheme = "http", IsExternal = true })
            .WithAnnotation(
                new PublishedPortAnnotation(TelemetryDashboardResource.Otlp, OtlpPort) { Scheme = "http", IsHttp2 = true })
            .WithAnnotation(new TelemetryReceiverAnnotation(TelemetryDashboardResource.Otlp, key))
            .WithAnnotation(new RunAsAnnotation(User, User))
            .WithAnnotation(new WritablePathAnnotation("/tmp", TemporarySize))
            .WithAnnotation(new DeploymentFactsAnnotation(_ => [image]))
            .WithAnnotation(environment);
    }

    // Known in the cluster only; who reads the manifest makes one.
    private static ParameterResource Secret(string name) =>
        new(name, d => d?.GetDefaultValue() ?? "", secret: true)
        {
            Default = new GenerateParameterDefault { MinLength = 22, Special = false },
        };
}
