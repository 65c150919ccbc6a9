namespace MonoRepo.Hosting.Monitoring.ServiceLevels;

/// <summary>
/// What part of the calls was not good enough: a service level indicator, by the calls and those that fell short.
/// </summary>
/// <param name="Name">The label <c>sli</c>: <c>availability</c> or <c>latency</c>.</param>
/// <param name="Objective">Which part has to be good.</param>
/// <param name="Requests">PromQL: calls per second, by job.</param>
/// <param name="Errors">PromQL: calls per second that fell short, by job; 0 where there are none.</param>
internal sealed record Indicator(string Name, double Objective, string Requests, string Errors)
{
    /// <summary>
    /// Faults of the server, as OpenTelemetry's conventions for gRPC divide the codes; the others are the caller's doing.
    /// </summary>
    public const string ServerFaults = "UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS";

    /// <summary>Probes and reflection would thin out the errors.</summary>
    public const string OwnServices = "grpc_method!~\"grpc[.].*\"";

    private const string Window = "5m";

    public static IEnumerable<Indicator> Of(MonitoredResource resource)
    {
        if (resource.ServiceLevel?.Availability is { } availability)
        {
            yield return Availability(resource.Name, availability);
        }

        if (resource.ServiceLevel?.Latency is { } latency)
        {
            yield return Latency(resource.Name, latency);
        }
    }

    private static Indicator Availability(string job, double objective)
    {
        var requests = Rate("grpc_server_call_duration_seconds_count", $"job=\"{job}\",{OwnServices}");
        var errors = Rate(
            "grpc_server_call_duration_seconds_count", $"job=\"{job}\",{OwnServices},grpc_status=~\"{ServerFaults}\"");
        return new("availability", objective, requests, $"{errors} or 0 * {requests}");
    }

    private static Indicator Latency(string job, LatencyObjective objective)
    {
        // How long a stream is open says nothing about how fast it is.
        var selector = $"job=\"{job}\",{OwnServices},grpc_type=\"unary\"";
        var requests = Rate("grpc_server_call_duration_seconds_count", selector);
        var good = Rate("grpc_server_call_duration_seconds_bucket", $"{selector},le=~\"{Bound(objective.Threshold)}\"");
        return new("latency", objective.Ratio, requests, $"clamp_min({requests} - {good}, 0)");
    }

    private static string Rate(string metric, string selector) => $"sum by (job) (rate({metric}{{{selector}}}[{Window}]))";

    /// <summary>The text format writes 1, OpenMetrics 1.0.</summary>
    private static string Bound(TimeSpan threshold)
    {
        var text = FormattableString.Invariant($"{threshold.TotalSeconds}");
        return text.Contains('.', StringComparison.Ordinal)
            ? text.Replace(".", "[.]", StringComparison.Ordinal)
            : $"{text}([.]0)?";
    }
}
