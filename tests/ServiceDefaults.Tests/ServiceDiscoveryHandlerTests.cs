using MonoRepo.ServiceDefaults.Discovery;

namespace MonoRepo.Tests;

public sealed class ServiceDiscoveryHandlerTests
{
    private static readonly ServiceEndpoints Services = ServiceEndpointsTests.Create(
        ("services:api:http:0", "http://h1:81"), ("services:api:http:1", "http://h2:82"),
        ("services:web:https:0", "https://s1:443"), ("services:web:http:0", "http://s2:80"), ("services:api:admin:0", "http://adm:9000"));

    [Fact]
    public async Task RequestsGoToTheInstancesInTurn()
    {
        var sent = await SendAsync("http://api/path?q=1", times: 4);

        Assert.Equal(2, sent.Count(uri => uri == "http://h1:81/path?q=1"));
        Assert.Equal(2, sent.Count(uri => uri == "http://h2:82/path?q=1"));
    }

    [Theory]
    [InlineData("https+http://web/", "https://s1/")]
    [InlineData("http://web/", "http://s2/")]
    [InlineData("http://_admin.api/x", "http://adm:9000/x")]
    [InlineData("http://example.test/", "http://example.test/")]
    public async Task SchemesAndEndpointNamesPickTheAddress(string asked, string sent) =>
        Assert.Equal([sent], await SendAsync(asked));

    [Fact]
    public async Task TheRequestKeepsItsNameForARetry()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/");
        using var invoker = new HttpMessageInvoker(new ServiceDiscoveryHandler(Services) { InnerHandler = new FakeHandler() });
        using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("http://api/", request.RequestUri!.ToString());
    }

    private static async Task<List<string>> SendAsync(string uri, int times = 1)
    {
        var fake = new FakeHandler();
        using var invoker = new HttpMessageInvoker(new ServiceDiscoveryHandler(Services) { InnerHandler = fake });
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = await invoker.SendAsync(request, TestContext.Current.CancellationToken);
        }

        return fake.Sent;
    }
}
