using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// What is counted of one method (and caller). Plain numbers, added to without a look-up or an allocation: they are every call's hot path,
/// and become measurements only when somebody collects.
/// </summary>
internal sealed class CallSeries(KeyValuePair<string, object?>[] labels, Histogram<double> handling)
{
    private const int Codes = (int)StatusCode.Unauthenticated + 1;

    // There from the first call on, at nothing: of a counter that begins with its first failure, rate() would not see that failure.
    private static readonly int[] Failures =
        [(int)StatusCode.Unknown, (int)StatusCode.DeadlineExceeded, (int)StatusCode.Internal, (int)StatusCode.Unavailable];

    private readonly long[] _handled = new long[Codes];
    private long _started;
    private long _received;
    private long _sent;

    public Measurement<long> Started => new(Volatile.Read(ref _started), labels);

    public Measurement<long> Received => new(Volatile.Read(ref _received), labels);

    public Measurement<long> Sent => new(Volatile.Read(ref _sent), labels);

    public IEnumerable<Measurement<long>> Handled
    {
        get
        {
            for (var code = 0; code < Codes; code++)
            {
                var count = Volatile.Read(ref _handled[code]);
                if (count > 0 || code == (int)StatusCode.OK || Failures.Contains(code))
                {
                    yield return new(count, [.. labels, new("grpc_code", NameOf((StatusCode)code))]);
                }
            }
        }
    }

    /// <summary>A call begins; the answer is what <see cref="End"/> needs.</summary>
    public long Start()
    {
        Interlocked.Increment(ref _started);
        return Stopwatch.GetTimestamp();
    }

    public void Receive() => Interlocked.Increment(ref _received);

    public void Send() => Interlocked.Increment(ref _sent);

    public void End(long start, StatusCode code)
    {
        Interlocked.Increment(ref _handled[(uint)code < Codes ? (int)code : (int)StatusCode.Unknown]);
        handling.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, labels);
    }

    // As gRPC for Go spells them, which wrote the dashboards' queries: https://pkg.go.dev/google.golang.org/grpc/codes.
    private static string NameOf(StatusCode code) => code == StatusCode.Cancelled ? "Canceled" : code.ToString();
}
