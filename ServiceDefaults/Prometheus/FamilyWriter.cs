using OpenTelemetry.Metrics;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>Writes metric families: HELP, TYPE and UNIT, then a line a sample.</summary>
/// <param name="output">Where to.</param>
/// <param name="format">In which of the two formats.</param>
internal sealed class FamilyWriter(TextBuffer output, ExpositionFormat format)
{
    private readonly TextBuffer _labels = new(1024);
    private readonly TextBuffer _scope = new(256);

    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    /// <summary>The process itself: its resource attributes, which no other series repeats.</summary>
    public void WriteTarget(IEnumerable<KeyValuePair<string, object>> attributes)
    {
        _labels.Clear();
        foreach (var label in attributes.GroupBy(attribute => MetricName.Sanitize(attribute.Key)).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            LabelWriter.Write(_labels, label.Key, string.Join(';', label.Select(attribute => attribute.Value)));
        }

        WriteMetadata(IsOpenMetrics ? "target" : "target_info", IsOpenMetrics ? "info"u8 : "gauge"u8, null, "Target metadata");
        StartSample("target_info", []);
        output.Add("1\n"u8);
    }

    public void Write(MetricFamily family)
    {
        var sample = family.Kind == FamilyKind.Counter ? $"{family.Name.Family}_total" : family.Name.Family;
        var type = family.Kind switch { FamilyKind.Counter => "counter"u8, FamilyKind.Gauge => "gauge"u8, _ => "histogram"u8 };
        WriteMetadata(IsOpenMetrics ? family.Name.Family : sample, type, family.Name.Unit, family.Help);
        foreach (var metric in family.Metrics)
        {
            _scope.Clear();
            LabelWriter.WriteScope(_scope, metric);
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                _labels.Clear();
                _labels.Add(_scope.Written);
                LabelWriter.Write(_labels, point.Tags);
                if (family.Kind == FamilyKind.Histogram)
                {
                    WriteHistogram(sample, metric, in point);
                }
                else
                {
                    WriteValue(sample, metric, in point);
                }
            }
        }
    }

    public void End()
    {
        if (IsOpenMetrics)
        {
            output.Add("# EOF\n"u8);
        }
    }

    private void WriteMetadata(string name, ReadOnlySpan<byte> type, string? unit, string help)
    {
        output.Add("# TYPE "u8).Add(name).Add((byte)' ').Add(type).Add((byte)'\n');
        if (IsOpenMetrics && unit is not null)
        {
            output.Add("# UNIT "u8).Add(name).Add((byte)' ').Add(unit).Add((byte)'\n');
        }

        if (help.Length > 0)
        {
            output.Add("# HELP "u8).Add(name).Add((byte)' ').AddEscaped(help, quotes: IsOpenMetrics).Add((byte)'\n');
        }
    }

    private void StartSample(ReadOnlySpan<char> name, ReadOnlySpan<byte> suffix)
    {
        output.Add(name).Add(suffix);
        if (_labels.Length > 0)
        {
            output.Add((byte)'{').Add(_labels.Written).Add((byte)'}');
        }

        output.Add((byte)' ');
    }

    private void WriteValue(string name, Metric metric, in MetricPoint point)
    {
        StartSample(name, []);
        switch (metric.MetricType)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                output.Add(point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                output.Add(point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                output.Add(point.GetGaugeLastValueLong());
                break;
            default:
                output.Add(point.GetGaugeLastValueDouble());
                break;
        }

        if (IsOpenMetrics && metric.MetricType is MetricType.LongSum or MetricType.DoubleSum && ExemplarWriter.Latest(in point) is { } exemplar)
        {
            ExemplarWriter.Write(output, exemplar, metric.MetricType == MetricType.LongSum ? exemplar.LongValue : exemplar.DoubleValue);
        }

        output.Add((byte)'\n');
    }

    private void WriteHistogram(string name, Metric metric, in MetricPoint point)
    {
        var count = point.GetHistogramCount();
        var (total, lower) = (0L, double.NegativeInfinity);
        if (metric.MetricType == MetricType.Histogram)
        {
            foreach (var bucket in point.GetHistogramBuckets())
            {
                if (double.IsPositiveInfinity(bucket.ExplicitBound))
                {
                    break;
                }

                total += bucket.BucketCount;
                WriteBucket(name, bucket.ExplicitBound, total, lower, in point);
                lower = bucket.ExplicitBound;
            }
        }

        // A histogram without bounds of its own (exponential ones are not in these formats) still has this one, its sum and count.
        WriteBucket(name, double.PositiveInfinity, count, lower, in point);
        StartSample(name, "_sum"u8);
        output.Add(point.GetHistogramSum()).Add((byte)'\n');
        StartSample(name, "_count"u8);
        output.Add(count).Add((byte)'\n');
    }

    private void WriteBucket(string name, double bound, long count, double lower, in MetricPoint point)
    {
        output.Add(name).Add("_bucket{"u8).Add(_labels.Written).Add(_labels.Length > 0 ? ",le=\""u8 : "le=\""u8).Add(bound);

        // OpenMetrics writes every bound as a floating-point number: 1.0.
        if (IsOpenMetrics && double.IsInteger(bound) && Math.Abs(bound) < 1e15)
        {
            output.Add(".0"u8);
        }

        output.Add("\"} "u8).Add(count);
        if (IsOpenMetrics && ExemplarWriter.Latest(in point, lower, bound) is { } exemplar)
        {
            ExemplarWriter.Write(output, exemplar, exemplar.DoubleValue);
        }

        output.Add((byte)'\n');
    }
}
