using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The standalone Aspire dashboard in a cluster. Locally the AppHost has its own, so nothing of it runs there.</summary>
public sealed class TelemetryDashboardResource(string name) : Resource(name)
{
    /// <summary>Its pages.</summary>
    public const string Pages = "http";

    /// <summary>Where telemetry comes in, OTLP over gRPC.</summary>
    public const string Otlp = "otlp";
}
