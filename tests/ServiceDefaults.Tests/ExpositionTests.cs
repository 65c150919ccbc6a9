using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.ServiceDefaults.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MonoRepo.Tests;

/// <summary>What the two formats look like, line by line.</summary>
public sealed class ExpositionTests : IDisposable
{
    private static readonly ActivitySource Source = new("Test.Exposition");
    private readonly Meter _meter = new("Test", "1.2");
    private readonly PrometheusExporter _exporter = new(NullLogger<PrometheusExporter>.Instance);
    private MeterProvider? _provider;

    public void Dispose()
    {
        _provider?.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void TextHasTheNamesOfPrometheus()
    {
        Collect();
        RecordAll();

        Assert.Equal(
            """
            # TYPE target_info gauge
            # HELP target_info Target metadata
            target_info{host_name="a\"b",service_name="shop"} 1
            # TYPE orders_total counter
            # HELP orders_total Orders taken.\nBy kind; "all" of them, C:\\.
            orders_total{otel_scope_name="Test",otel_scope_version="1.2",kind="new \"one\"\\\n"} 3
            orders_total{otel_scope_name="Test",otel_scope_version="1.2",express="true",kind="größer"} 2
            # TYPE queue_length gauge
            queue_length{otel_scope_name="Test",otel_scope_version="1.2"} -4
            # TYPE temperature_celsius gauge
            temperature_celsius{otel_scope_name="Test",otel_scope_version="1.2",place="roof"} NaN
            temperature_celsius{otel_scope_name="Test",otel_scope_version="1.2",place="cellar"} 7.25
            # TYPE wait_seconds histogram
            # HELP wait_seconds How long orders wait.
            wait_seconds_bucket{otel_scope_name="Test",otel_scope_version="1.2",le="0.005"} 1
            wait_seconds_bucket{otel_scope_name="Test",otel_scope_version="1.2",le="1"} 3
            wait_seconds_bucket{otel_scope_name="Test",otel_scope_version="1.2",le="+Inf"} 4
            wait_seconds_sum{otel_scope_name="Test",otel_scope_version="1.2"} 12.254
            wait_seconds_count{otel_scope_name="Test",otel_scope_version="1.2"} 4

            """,
            Render(ExpositionFormat.Text));
    }

    [Fact]
    public void OpenMetricsHasUnitsExemplarsAndAnEnd()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Test.Exposition",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        Collect();
        using var activity = Source.StartActivity("call")!;
        RecordAll();
        var exemplar = $$""" # {trace_id="{{activity.TraceId}}",span_id="{{activity.SpanId}}"}""";

        var text = Regex.Replace(Render(ExpositionFormat.OpenMetrics), @"(?<=span_id=""\w+""\} \S+) [0-9.]+", " <time>");

        Assert.Equal(
            $$"""
            # TYPE target info
            # HELP target Target metadata
            target_info{host_name="a\"b",service_name="shop"} 1
            # TYPE orders counter
            # HELP orders Orders taken.\nBy kind; \"all\" of them, C:\\.
            orders_total{otel_scope_name="Test",otel_scope_version="1.2",kind="new \"one\"\\\n"} 3{{exemplar}} 3 <time>
            orders_total{otel_scope_name="Test",otel_scope_version="1.2",express="true",kind="größer"} 2{{exemplar}} 2 <time>
            # TYPE queue_length gauge
            queue_length{otel_scope_name="Test",otel_scope_version="1.2"} -4
            # TYPE temperature_celsius gauge
            # UNIT temperature_celsius celsius
            temperature_celsius{otel_scope_name="Test",otel_scope_version="1.2",place="roof"} NaN
            temperature_celsius{otel_scope_name="Test",otel_scope_version="1.2",place="cellar"} 7.25
            # TYPE wait_seconds histogram
            # UNIT wait_seconds seconds
            # HELP wait_seconds How long orders wait.
            wait_seconds_bucket{otel_scope_name="Test",otel_scope_version="1.2",le="0.005"} 1{{exemplar}} 0.004 <time>
            wait_seconds_bucket{otel_scope_name="Test",otel_scope_version="1.2",le="1.0"} 3{{exemplar}} 1 <time>
            wait_seconds_bucket{otel_scope_name="Test",otel_scope_version="1.2",le="+Inf"} 4{{exemplar}} 11 <time>
            wait_seconds_sum{otel_scope_name="Test",otel_scope_version="1.2"} 12.254
            wait_seconds_count{otel_scope_name="Test",otel_scope_version="1.2"} 4
            # EOF

            """,
            text);
    }

    [Fact]
    public void TagsThatBecomeOneLabelAreMergedAndReservedOnesLeftOut()
    {
        Collect();
        _meter.CreateCounter<long>("merged").Add(1, new("a_b", "second"), new("c", 7), new("le", "0.5"), new("a.b", "first"));

        Assert.Contains("""merged_total{otel_scope_name="Test",otel_scope_version="1.2",a_b="first;second",c="7"} 1""", Render(ExpositionFormat.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void OneNameIsOneFamilyWhateverTheMeter()
    {
        using var other = new Meter("Test.Other");
        Collect();
        _meter.CreateCounter<long>("calls").Add(1);
        other.CreateCounter<long>("calls").Add(2);
        other.CreateUpDownCounter<long>("calls").Add(3);

        Assert.Equal(
            [
                "# TYPE calls_total counter",
                """calls_total{otel_scope_name="Test",otel_scope_version="1.2"} 1""",
                """calls_total{otel_scope_name="Test.Other"} 2""",
            ],
            Render(ExpositionFormat.Text).Split('\n').Where(line => line.Contains("calls", StringComparison.Ordinal)));
    }

    private void Collect() => _provider = Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "shop"), new("host.name", "a\"b")]))
        .SetExemplarFilter(ExemplarFilterType.TraceBased)
        .AddMeter("Test", "Test.Other")
        .AddReader(new BaseExportingMetricReader(_exporter))
        .Build();

    private void RecordAll()
    {
        var orders = _meter.CreateCounter<long>("orders", "{order}", "Orders taken.\nBy kind; \"all\" of them, C:\\.");
        orders.Add(3, new KeyValuePair<string, object?>("kind", "new \"one\"\\\n"));
        orders.Add(2, new("kind", "größer"), new("express", true));
        _meter.CreateUpDownCounter<long>("queue.length").Add(-4);
        _meter.CreateObservableGauge("temperature", () => new Measurement<double>[] { new(double.NaN, Place("roof")), new(7.25, Place("cellar")) }, "Cel");
        var wait = _meter.CreateHistogram("wait", "s", "How long orders wait.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 1] });
        foreach (var seconds in (double[])[0.004, 0.25, 1, 11])
        {
            wait.Record(seconds);
        }

        static KeyValuePair<string, object?> Place(string name) => new("place", name);
    }

    private string Render(ExpositionFormat format) => Encoding.UTF8.GetString(_exporter.Render(format));
}
