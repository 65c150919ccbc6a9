using MonoRepo.ServiceDefaults.Prometheus;

namespace MonoRepo.ServiceDefaults.Health;

/// <summary>Where probes ask: Aspire's own two paths.</summary>
public static class HealthPaths
{
    /// <summary>Readiness: every check passes.</summary>
    public const string Ready = "/health";

    /// <summary>Liveness: the process answers; dependencies are not looked at.</summary>
    public const string Alive = "/alive";

    internal static bool IsProbe(string path) =>
        path is Ready or Alive or MetricsEndpoint.Path || path.StartsWith("/grpc.health.v1.", StringComparison.Ordinal);
}
