using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// Names and values of gRPC's proposal A66 (https://github.com/grpc/proposal/blob/master/A66-otel-stats.md), and the kind of
/// method beside them: how long a stream is open says nothing about how fast it is.
/// </summary>
internal static class GrpcMetrics
{
    public const string StatusTag = "grpc.status";

    public static readonly Meter Meter = new("MonoRepo.Grpc");

    // 50 ms and 100 ms for objectives, the rest as dense as a method that takes 1 ms needs: A66's own 41 would be three times the
    // series.
    private static readonly InstrumentAdvice<double> s_bounds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    // CANCELLED, INVALID_ARGUMENT: https://grpc.io/docs/guides/status-codes/
    private static readonly string[] s_names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL",
        "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    public static Histogram<double> CreateDuration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, advice: s_bounds);

    public static TagList TagsOf(IMethod method) => new()
    {
        { "grpc.method", method.FullName.TrimStart('/') },
        {
            "grpc.type", method.Type switch
            {
                MethodType.Unary => "unary",
                MethodType.ClientStreaming => "client_stream",
                MethodType.ServerStreaming => "server_stream",
                _ => "bidi_stream",
            }
        },
    };

    public static string NameOf(StatusCode status) => (uint)status < s_names.Length ? s_names[(int)status] : "UNKNOWN";
}
