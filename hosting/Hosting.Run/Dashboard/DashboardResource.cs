using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>The dashboard as a resource like all others: DCP runs it, nobody sees it in the dashboard.</summary>
internal static class DashboardResource
{
    /// <summary>Aspire's name of it.</summary>
    public const string Name = "aspire-dashboard";

    /// <summary>Names of the endpoints for telemetry, as Aspire's.</summary>
    public const string OtlpGrpcEndpoint = "otlp-grpc";

    /// <inheritdoc cref="OtlpGrpcEndpoint"/>
    public const string OtlpHttpEndpoint = "otlp-http";

    /// <summary>The resource.</summary>
    public static ExecutableResource Create(DashboardOptions options, string program)
    {
        var resource = new ExecutableResource(Name, program, Path.GetDirectoryName(program)!);
        resource.Annotations.Add(ManifestPublishingCallbackAnnotation.Ignore);
        resource.Annotations.Add(new CommandLineArgsCallbackAnnotation(arguments => arguments.Add("dashboard")));
        resource.Annotations.Add(new ResourceSnapshotAnnotation(new CustomResourceSnapshot
        {
            ResourceType = "Executable",
            Properties = [],
            IsHidden = !options.IsVisible,
        }));
        foreach (var annotation in EndpointsOf(options))
        {
            resource.Annotations.Add(annotation);
        }

        return resource;
    }

    /// <summary>The first endpoint for browsers.</summary>
    public static EndpointReference GetFrontend(IResourceWithEndpoints resource) =>
        resource.GetEndpoints().First(endpoint => endpoint.EndpointName.StartsWith("http", StringComparison.Ordinal));

    /// <summary>
    /// Without DCP's proxy: the addresses are ours alone to choose, a proxy would only delay the first page and each export.
    /// </summary>
    private static IEnumerable<EndpointAnnotation> EndpointsOf(DashboardOptions options)
    {
        var schemes = new Dictionary<string, int>();
        foreach (var url in options.FrontendUrls)
        {
            var count = schemes[url.Scheme] = schemes.GetValueOrDefault(url.Scheme) + 1;
            yield return Endpoint(count == 1 ? url.Scheme : $"{url.Scheme}{count}", url);
        }

        if (options.OtlpGrpcUrl is { } grpc)
        {
            yield return Endpoint(OtlpGrpcEndpoint, grpc, "http2");
        }

        if (options.OtlpHttpUrl is { } http)
        {
            yield return Endpoint(OtlpHttpEndpoint, http);
        }
    }

    private static EndpointAnnotation Endpoint(string name, Uri url, string? transport = null)
    {
        int? port = url.Port == 0 ? null : url.Port;
        return new(ProtocolType.Tcp, url.Scheme, transport, name, port, port, isProxied: false) { TargetHost = url.Host };
    }
}
