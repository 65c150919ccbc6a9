using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>
/// Variables that have another meaning in a cluster than on a developer's machine: where to listen, where telemetry goes.
/// </summary>
internal static partial class ClusterVariables
{
    private static readonly string[] s_local =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTPS_PORT", "ASPNETCORE_HTTPS_PORTS", "HTTP_PORTS", "HTTPS_PORTS",
        "DOTNET_LAUNCH_PROFILE", "SSL_CERT_DIR",
    ];

    public static void Apply(EnvironmentGraph graph, WorkloadEntry entry, Dictionary<string, object> variables)
    {
        if (entry.Resource is ProjectResource)
        {
            foreach (var name in variables.Keys.Where(n => s_local.Contains(n) || n.StartsWith("OTEL_", StringComparison.Ordinal))
                .ToList())
            {
                variables.Remove(name);
            }

            Listen(entry, variables);
            if (entry.Annotations.Has<MutualTlsAnnotation>())
            {
                variables[AccessVariables.Certificates] = AccessReader.Certificates;
            }
        }

        NameByScheme(graph, variables);
        if (entry.Annotations.Has<OtlpExporterAnnotation>())
        {
            SendTelemetry(graph, entry, variables);
        }
    }

    /// <summary>
    /// Kestrel listens on all addresses of the pod; configuration keys are the same whichever way the endpoints were declared.
    /// </summary>
    private static void Listen(WorkloadEntry entry, Dictionary<string, object> variables)
    {
        foreach (var name in variables.Keys.Where(n => n.StartsWith("Kestrel__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            variables.Remove(name);
        }

        foreach (var port in entry.Ports)
        {
            variables[$"Kestrel__Endpoints__{port.Endpoint}__Url"] =
                $"{(port.RequiresCertificate ? "https" : "http")}://*:{port.Number}";
            if (port.IsHttp2)
            {
                variables[$"Kestrel__Endpoints__{port.Endpoint}__Protocols"] = "Http2";
            }
        }

        foreach (var name in new[] { "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT" })
        {
            if (variables.TryGetValue(name, out var value) && value is "Development")
            {
                variables.Remove(name);
            }
        }

        // Aspire trusts forwarded headers everywhere; here only what is reached through an ingress may.
        if (entry.Ports.Where(p => p.IsExternal).ToList() is { Count: > 0 } external)
        {
            variables[ExternalPortsExtensions.ExternalPortsVariable] = string.Join(',', external.Select(p => p.Number));
        }
        else
        {
            variables.Remove("ASPNETCORE_FORWARDEDHEADERS_ENABLED");
        }
    }

    /// <summary>
    /// <c>services__api__https__0</c> is <c>services__api__http__0</c> where a pod serves the endpoint by http: service discovery
    /// passes over addresses of another scheme than the variable's. Where it serves by https what is <c>http</c> elsewhere there
    /// are both, as gRPC clients ask for an endpoint's name.
    /// </summary>
    private static void NameByScheme(EnvironmentGraph graph, Dictionary<string, object> variables)
    {
        foreach (var (name, value) in variables.ToList())
        {
            if (Service().Match(name) is { Success: true } match && value is EndpointReference reference
                && graph.Find(reference.Resource)?.Port(reference.EndpointName) is { } port
                && (port.Scheme == "http" || port.RequiresCertificate))
            {
                var named = $"{match.Groups[1].Value}__{port.Scheme}__{match.Groups[3].Value}";
                if (port.Scheme == "http" && !named.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    variables.Remove(name);
                }

                variables.TryAdd(named, value);
            }
        }
    }

    private static void SendTelemetry(EnvironmentGraph graph, WorkloadEntry entry, Dictionary<string, object> variables)
    {
        // Metrics and the services that are called name the service by it, whether or not there is a receiver.
        variables["OTEL_SERVICE_NAME"] = entry.Name;
        if (graph.TelemetryReceiver is not { } receiver || ReferenceEquals(receiver, entry))
        {
            return;
        }

        var settings = receiver.Annotations.Last<TelemetryReceiverAnnotation>()!;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] =
            ReferenceExpression.Create($"http://{new PublishedAddress(receiver.Resource, settings.Endpoint)}");
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        if (settings.ApiKey is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = ReferenceExpression.Create($"x-otlp-api-key={key}");
        }
    }

    [GeneratedRegex("^(services__.+)__(https?)__([0-9]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Service();
}
