using MonoRepo.ServiceDefaults.Prometheus;

namespace MonoRepo.Tests;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("http.server.request.duration", "s", "http_server_request_duration_seconds", "seconds")]
    [InlineData("http.server.active_requests", "{request}", "http_server_active_requests", null)]
    [InlineData("dotnet.gc.last_collection.heap.size", "By", "dotnet_gc_last_collection_heap_size_bytes", "bytes")]
    [InlineData("already_seconds", "s", "already_seconds", "seconds")]
    [InlineData("milliseconds", "s", "milliseconds_seconds", "seconds")]
    [InlineData("network.speed", "By/s", "network_speed_bytes_per_second", "bytes_per_second")]
    [InlineData("cpu", "{cpu}", "cpu", null)]
    [InlineData("share", "1", "share", null)]
    [InlineData("pages", "{page}/min", "pages_per_minute", "per_minute")]
    [InlineData("7th..metric--name", null, "_7th_metric_name", null)]
    [InlineData("job:rate", "", "job:rate", null)]
    [InlineData("größe", "m", "gr_e_meters", "meters")]
    public void NamesFollowTheCompatibilitySpecification(string instrument, string? unit, string family, string? words) =>
        Assert.Equal(new MetricName(family, words), MetricName.Of(instrument, unit, isCounter: false));

    [Theory]
    [InlineData("requests", null, "requests")]
    [InlineData("requests.total", null, "requests")]
    [InlineData("sent.total", "By", "sent_bytes")]
    [InlineData("sent.bytes.total", "By", "sent_bytes")]
    public void TheFamilyOfACounterIsNamedWithoutItsSuffix(string instrument, string? unit, string family) =>
        Assert.Equal(family, MetricName.Of(instrument, unit, isCounter: true).Family);
}
