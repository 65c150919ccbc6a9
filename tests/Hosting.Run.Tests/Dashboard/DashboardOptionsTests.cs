using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using MonoRepo.Hosting.Run.Dashboard;

namespace MonoRepo.Tests.Dashboard;

public sealed class DashboardOptionsTests
{
    [Fact]
    public void ByDefaultEverythingIsOnAFreePortOfLoopback()
    {
        var options = Read();

        Assert.All([.. options.FrontendUrls, options.OtlpGrpcUrl!, options.OtlpHttpUrl!], url => Assert.Equal("http://127.0.0.1:0/", url.ToString()));
        Assert.Equal("127.0.0.1:0", options.ResourceServiceEndPoint.ToString());
    }

    [Fact]
    public void KeysAreTheBuilders()
    {
        var options = Read(("AppHost:BrowserToken", "a"), ("AppHost:OtlpApiKey", "b"), ("AppHost:DashboardApiKey", "c"), ("AppHost:ResourceService:ApiKey", "d"));

        Assert.Equal(("a", "b", "c", "d"), (options.BrowserToken, options.OtlpApiKey, options.ApiKey, options.ResourceServiceApiKey));
    }

    [Fact]
    public void TheFeedHasAKeyEvenWhereNobodyAskedForOne() => Assert.Matches("^[0-9a-f]{32}$", Read().ResourceServiceApiKey);

    [Fact]
    public void TheAppHostsUrlsAreTheDashboards()
    {
        var options = Read(("ASPNETCORE_URLS", "http://localhost:18888; http://127.0.0.1:18889"), ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:19000"));

        Assert.Equal([18888, 18889], options.FrontendUrls.Select(url => url.Port));
        Assert.Equal(19000, options.OtlpGrpcUrl!.Port);
        // As in Aspire: who asks for one of the two gets that one.
        Assert.Null(options.OtlpHttpUrl);
    }

    [Fact]
    public void RandomPortsOverrideFixedOnes() =>
        Assert.Equal(0, Assert.Single(Read(("ASPNETCORE_URLS", "http://localhost:18888"), ("DcpPublisher:RandomizePorts", "true")).FrontendUrls).Port);

    [Theory]
    [InlineData("ASPNETCORE_URLS", "18888")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "localhost")]
    [InlineData("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "http://10.0.0.1:20000")]
    public void AWrongUrlIsNamed(string key, string url)
    {
        var error = Assert.Throws<DistributedApplicationException>(() => Read((key, url)));

        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(url, error.Message, StringComparison.Ordinal);
    }

    private static DashboardOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        return DashboardOptions.From(configuration, null);
    }
}
