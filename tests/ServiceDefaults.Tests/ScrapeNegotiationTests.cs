using MonoRepo.ServiceDefaults.Prometheus;

namespace MonoRepo.Tests;

public sealed class ScrapeNegotiationTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    [Theory]
    [InlineData(null, Text)]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/html", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("no media type at all", Text)]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("application/openmetrics-text; version=1.0.0", OpenMetrics)]
    [InlineData("APPLICATION/OpenMetrics-Text; version=\"1.0.0\"", OpenMetrics)]
    [InlineData("application/openmetrics-text; version=0.0.1", Text)]
    [InlineData("application/openmetrics-text;q=0", Text)]
    [InlineData("application/openmetrics-text;q=0.4,text/plain;version=0.0.4;q=0.5", Text)]
    [InlineData("text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.6", OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.5,text/plain;q=0.3,*/*;q=0.9", OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.5,*/*;q=0.9", Text)]

    // Prometheus 2 and 3 as they ask.
    [InlineData(
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", OpenMetrics + "; escaping=underscores")]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2", Text)]
    public void TheFormatFollowsQualityAndVersion(string? accept, string type)
    {
        var wanted = ScrapeNegotiation.Of(accept, default);

        Assert.Equal(type, wanted.ContentType);
        Assert.Equal(type.StartsWith(OpenMetrics, StringComparison.Ordinal) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text, wanted.Format);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("gzip", true)]
    [InlineData("deflate, gzip;q=0.5, br", true)]
    [InlineData("*", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("*, gzip;q=0", false)]
    [InlineData("identity", false)]
    public void OnlyWhoTakesGzipGetsIt(string? encoding, bool gzip) => Assert.Equal(gzip, ScrapeNegotiation.Of(default, encoding).Gzip);
}
