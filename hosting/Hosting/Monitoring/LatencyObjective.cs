namespace MonoRepo.Hosting;

/// <summary>At least this part of unary calls is answered within the threshold.</summary>
/// <param name="Ratio">Between 0 and 1: 0.99.</param>
/// <param name="Threshold">A bound of the histogram <c>grpc_server_call_duration_seconds</c>: others cannot be counted.</param>
public sealed record LatencyObjective(double Ratio, TimeSpan Threshold)
{
    /// <summary>The bounds of the histogram, in seconds: those that ServiceDefaults record.</summary>
    public static IReadOnlyList<double> Bounds { get; } =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
}
