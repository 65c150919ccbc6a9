using OpenTelemetry.Metrics;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>The trace behind a sample: <c># {trace_id="…",span_id="…"} 0.0023 1774000000.123</c>. OpenMetrics alone has exemplars.</summary>
internal static class ExemplarWriter
{
    /// <summary>The newest exemplar of a point, or of one of its buckets: above <paramref name="lower"/> and up to <paramref name="upper"/>.</summary>
    public static Exemplar? Latest(in MetricPoint point, double lower = double.NegativeInfinity, double upper = double.NaN)
    {
        Exemplar? latest = null;
        if (point.TryGetExemplars(out var exemplars))
        {
            foreach (ref readonly var exemplar in exemplars)
            {
                var isInside = double.IsNaN(upper) || (exemplar.DoubleValue > lower && exemplar.DoubleValue <= upper);
                if (isInside && exemplar.TraceId != default && !(latest?.Timestamp > exemplar.Timestamp))
                {
                    latest = exemplar;
                }
            }
        }

        return latest;
    }

    public static void Write(TextBuffer output, in Exemplar exemplar, double value)
    {
        Span<char> trace = stackalloc char[32];
        Span<char> span = stackalloc char[16];
        Span<byte> id = stackalloc byte[16];
        exemplar.TraceId.CopyTo(id);
        Convert.TryToHexStringLower(id, trace, out _);
        exemplar.SpanId.CopyTo(id[..8]);
        Convert.TryToHexStringLower(id[..8], span, out _);
        output.Add(" # {trace_id=\""u8).Add(trace).Add("\",span_id=\""u8).Add(span).Add("\"} "u8)
            .Add(value).Add((byte)' ').Add(exemplar.Timestamp.ToUnixTimeMilliseconds() / 1000.0);
    }
}
