using OpenTelemetry.Metrics;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>All metrics of one name: instruments of several meters may share one, and stand together in the answer.</summary>
/// <param name="Name">The name that they share.</param>
/// <param name="Kind">Their type.</param>
/// <param name="Help">The description of the first.</param>
internal sealed record MetricFamily(MetricName Name, FamilyKind Kind, string Help)
{
    /// <summary>The metrics.</summary>
    public List<Metric> Metrics { get; } = [];

    public static MetricFamily Of(Metric metric)
    {
        var kind = metric.MetricType switch
        {
            MetricType.LongSum or MetricType.DoubleSum => FamilyKind.Counter,
            MetricType.Histogram or MetricType.ExponentialHistogram => FamilyKind.Histogram,
            _ => FamilyKind.Gauge,
        };
        return new(MetricName.Of(metric.Name, metric.Unit, kind == FamilyKind.Counter), kind, metric.Description);
    }
}
