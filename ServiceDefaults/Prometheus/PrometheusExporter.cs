using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>Writes the metrics down when it is asked to: an OpenTelemetry exporter that is pulled.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed partial class PrometheusExporter(ILogger<PrometheusExporter> logger) : BaseExporter<Metric>, IPullMetricExporter
{
    private const int TimeoutMilliseconds = 10_000;

    // Kept between scrapes, so that it has grown to the size of an answer.
    private readonly TextBuffer _buffer = new(64 * 1024);
    private readonly HashSet<string> _conflicts = [];
    private ExpositionFormat _format;

    /// <summary>Set by the reader: collects, which calls <see cref="Export"/>.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects and writes; one caller at a time.</summary>
    /// <exception cref="InvalidOperationException">The metrics could not be collected.</exception>
    public byte[] Render(ExpositionFormat format)
    {
        _format = format;
        _buffer.Clear();
        return Collect?.Invoke(TimeoutMilliseconds) == true
            ? _buffer.Written.ToArray()
            : throw new InvalidOperationException($"The metrics were not collected within {TimeoutMilliseconds} ms.");
    }

    /// <inheritdoc />
    public override ExportResult Export(in Batch<Metric> batch)
    {
        // By name, so that two answers differ in their values alone.
        var families = new SortedDictionary<string, MetricFamily>(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            var family = MetricFamily.Of(metric);
            if (!families.TryGetValue(family.Name.Family, out var earlier))
            {
                families.Add(family.Name.Family, earlier = family);
            }

            if (earlier.Kind == family.Kind)
            {
                earlier.Metrics.Add(metric);
            }
            else if (_conflicts.Add($"{metric.MeterName}/{metric.Name}"))
            {
                LogConflict(metric.Name, metric.MeterName, family.Name.Family, earlier.Metrics[0].MeterName);
            }
        }

        var writer = new FamilyWriter(_buffer, _format);
        writer.WriteTarget(ParentProvider.GetResource().Attributes);
        foreach (var family in families.Values)
        {
            writer.Write(family);
        }

        writer.End();
        return ExportResult.Success;
    }

    [LoggerMessage(1, LogLevel.Warning, "Metric {Metric} of {Meter} is left out: {Family} is already a metric of another type, of {Other}.")]
    private partial void LogConflict(string metric, string meter, string family, string other);
}
