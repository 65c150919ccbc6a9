using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// The metrics of RPCs, which gRPC for .NET lacks, by the names and labels that dashboards know from go-grpc-prometheus:
/// <c>grpc_server_handled_total{grpc_type,grpc_service,grpc_method,grpc_code}</c> and so on; a server's also say who called.
/// One meter a process, as its calls are the process's.
/// </summary>
internal sealed class CallMetrics
{
    public const string MeterName = "MonoRepo.Grpc";

    private static readonly Meter Meter = new(MeterName);

    // 50 ms and 100 ms for objectives, the rest as dense as a method that takes 1 ms needs.
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly ConcurrentDictionary<(string Method, string Caller), CallSeries> _series = new();
    private readonly Histogram<double> _handling;

    private CallMetrics(string side, string verb)
    {
        Count("started", $"RPCs started on the {side}.", series => [series.Started]);
        Count("handled", $"RPCs completed on the {side}, whether they succeeded or not.", series => series.Handled);
        Count("msg_received", $"Messages of RPCs received on the {side}.", series => [series.Received]);
        Count("msg_sent", $"Messages of RPCs sent on the {side}.", series => [series.Sent]);
        _handling = Meter.CreateHistogram($"grpc_{side}_handling", "s", $"How long RPCs took until they were {verb} on the {side}.", advice: Buckets);

        void Count(string what, string description, Func<CallSeries, IEnumerable<Measurement<long>>> read) =>
            Meter.CreateObservableCounter($"grpc_{side}_{what}", () => _series.Values.SelectMany(read), description: description);
    }

    public static CallMetrics Server { get; } = new("server", "handled");

    public static CallMetrics Client { get; } = new("client", "done");

    /// <summary>The series of a method; the method is written <c>/package.Service/Method</c>.</summary>
    public CallSeries Of(string method, MethodType type, string? caller) =>
        _series.TryGetValue((method, caller ?? ""), out var series)
            ? series
            : _series.GetOrAdd((method, caller ?? ""), static (key, state) => state.Metrics.Create(key.Method, state.Type, key.Caller), (Metrics: this, Type: type));

    private CallSeries Create(string method, MethodType type, string caller)
    {
        var slash = method.LastIndexOf('/');
        var labels = new List<KeyValuePair<string, object?>>
        {
            new("grpc_type", type switch
            {
                MethodType.Unary => "unary",
                MethodType.ClientStreaming => "client_stream",
                MethodType.ServerStreaming => "server_stream",
                _ => "bidi_stream",
            }),
            new("grpc_service", slash > 0 ? method[..slash].TrimStart('/') : "unknown"),
            new("grpc_method", method[(slash + 1)..]),
        };
        if (caller.Length > 0)
        {
            labels.Add(new("caller", caller));
        }

        return new([.. labels], _handling);
    }
}
