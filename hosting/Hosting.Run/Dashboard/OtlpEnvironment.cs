using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>
/// Tells every resource that sends telemetry where to: to the dashboard, or where the configuration says; nothing when there is
/// neither. Names and values are OpenTelemetry's and Aspire's.
/// </summary>
internal sealed class OtlpEnvironment(DistributedApplicationModel model, IConfiguration configuration, IHostEnvironment environment) : IHostedService
{
    /// <summary>How DCP fills in what only it knows; the dashboard finds the resource of a trace by these two.</summary>
    private const string ServiceName = "{{- index .Annotations \"otel-service-name\" -}}";
    private const string ServiceInstance = "service.instance.id={{- index .Annotations \"otel-service-instance-id\" -}}";

    private static readonly Dictionary<string, string> Development = new()
    {
        // Milliseconds: a person waits for what she just did.
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        ["OTEL_TRACES_SAMPLER"] = "always_on",
        ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
    };

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.Where(resource => resource.Annotations.OfType<OtlpExporterAnnotation>().Any()))
        {
            // First, so that whatever the graph states wins.
            resource.Annotations.Insert(0, new EnvironmentCallbackAnnotation(context => Set(context, resource)));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Set(EnvironmentCallbackContext context, IResource resource)
    {
        // Metrics name the service by these, whether or not there is a receiver.
        var variables = context.EnvironmentVariables;
        variables["OTEL_SERVICE_NAME"] = ServiceName;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = ServiceInstance;
        if (Target(resource.Annotations.OfType<OtlpExporterAnnotation>().Last().RequiredProtocol) is not { } target)
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = target.Endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = target.Protocol;
        if (configuration[DashboardOptions.OtlpApiKeyKey] is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (environment.IsDevelopment())
        {
            foreach (var (name, value) in Development)
            {
                variables[name] = value;
            }
        }
    }

    private (object Endpoint, string Protocol)? Target(OtlpProtocol? required)
    {
        var dashboard = model.Resources.OfType<IResourceWithEndpoints>().FirstOrDefault(resource => resource.Name == DashboardResource.Name);
        var grpc = Find(DashboardResource.OtlpGrpcEndpoint, DashboardOptions.OtlpGrpcUrlKey);
        var http = Find(DashboardResource.OtlpHttpEndpoint, DashboardOptions.OtlpHttpUrlKey);
        return required switch
        {
            OtlpProtocol.Grpc when grpc is not null => (grpc, "grpc"),
            OtlpProtocol.HttpProtobuf when http is not null => (http, "http/protobuf"),
            null when (grpc ?? http) is { } any => (any, any == grpc ? "grpc" : "http/protobuf"),
            _ => null,
        };

        object? Find(string endpointName, string key) =>
            dashboard is null
                ? configuration[key]
                : dashboard.GetEndpoint(endpointName) is { Exists: true } endpoint ? endpoint : null;
    }
}
