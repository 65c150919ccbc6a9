using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The standalone Aspire dashboard in a cluster. Locally the AppHost has its own, so nothing of it runs there.</summary>
public sealed class TelemetryDashboardResource(string name) : Resource(name)
{
    internal const string Pages = "http";

    /// <summary>Where telemetry comes in, OTLP over gRPC.</summary>
    internal const string Otlp = "otlp";
}

/// <summary>The resource receives the telemetry of all others in the environments where it exists.</summary>
/// <param name="Endpoint">Its endpoint that speaks OTLP over gRPC.</param>
/// <param name="ApiKey">Sent by the others in the <c>x-otlp-api-key</c> header; null for none.</param>
internal sealed record TelemetryReceiverAnnotation(string Endpoint, ParameterResource? ApiKey) : IResourceAnnotation;
