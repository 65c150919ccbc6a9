using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The resource receives the telemetry of all others in the environments where it exists.</summary>
/// <param name="Endpoint">Its endpoint that speaks OTLP over gRPC.</param>
/// <param name="ApiKey">Sent by the others in the <c>x-otlp-api-key</c> header; null for none.</param>
public sealed record TelemetryReceiverAnnotation(string Endpoint, ParameterResource? ApiKey) : IResourceAnnotation;
