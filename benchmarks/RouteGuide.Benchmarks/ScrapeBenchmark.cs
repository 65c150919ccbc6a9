using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.ServiceDefaults.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Spectre.Console;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>An answer to a scrape: collected, written and compressed, by its number of series.</summary>
internal static class ScrapeBenchmark
{
    private const int Repeats = 20;
    private const int PointsOfAMetric = 100;

    // 13 bounds: 14 buckets, sum and count.
    private const int SeriesOfAHistogram = 16;
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static void Run()
    {
        var table = new Table().Border(TableBorder.Markdown)
            .AddColumns("series", "of", "format", "size", "written, median", "slowest", "compressed, median", "compressed size");
        foreach (var series in (int[])[1_000, 10_000, 100_000])
        {
            Measure(table, series, isHistogram: false, ExpositionFormat.Text);
            Measure(table, series, isHistogram: false, ExpositionFormat.OpenMetrics);
            Measure(table, series, isHistogram: true, ExpositionFormat.OpenMetrics);
        }

        AnsiConsole.Write(table);
    }

    private static void Measure(Table table, int series, bool isHistogram, ExpositionFormat format)
    {
        using var meter = new Meter($"Benchmark.{series}.{isHistogram}.{format}");
        var exporter = new PrometheusExporter(NullLogger<PrometheusExporter>.Instance);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(exporter)).Build();
        var points = isHistogram ? series / SeriesOfAHistogram : series;
        for (var point = 0; point < points; point++)
        {
            var tags = new TagList
            {
                { "grpc_service", "routeguide.RouteGuide" },
                { "grpc_method", $"Method{point % PointsOfAMetric}" },
                { "grpc_type", "unary" },
                { "caller", "routeguide-client" },
            };
            var name = $"benchmark_{point / PointsOfAMetric}";
            if (isHistogram)
            {
                meter.CreateHistogram(name, "s", "A histogram.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds }).Record(point * 0.000_123, tags);
            }
            else
            {
                meter.CreateCounter<double>(name, "s", "A counter.").Add(point * 1.234_567, tags);
            }
        }

        var (written, compressed, body, small) = (new List<double>(), new List<double>(), 0, 0);
        for (var i = -3; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var answer = new Exposition(exporter.Render(format), start);
            var middle = Stopwatch.GetTimestamp();
            small = answer.Compressed.Length;
            body = answer.Body.Length;
            if (i >= 0)
            {
                written.Add(Stopwatch.GetElapsedTime(start, middle).TotalMilliseconds);
                compressed.Add(Stopwatch.GetElapsedTime(middle).TotalMilliseconds);
            }
        }

        table.AddRow(
            $"{series}", isHistogram ? "histograms" : "counters", $"{format}", $"{body / 1024} KiB", $"{Median.Of(written):0.0} ms", $"{written.Max():0.0} ms",
            $"{Median.Of(compressed):0.0} ms", $"{small / 1024} KiB");
    }
}
