using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

public sealed class EndpointTests
{
    [Fact]
    public void AnEndpointHasTheDefaultsOfItsScheme()
    {
        var endpoint = Single(Graph.Create().AddExecutable("a", "x", ".").WithHttpsEndpoint());
        Assert.Equal(("https", "https", "http", "localhost"), (endpoint.Name, endpoint.UriScheme, endpoint.Transport, endpoint.TargetHost));
        Assert.True(endpoint.IsProxied && endpoint.TlsEnabled && !endpoint.IsExternal);
        Assert.Null(endpoint.IsExplicitlyProxied);
        Assert.Equal("udp", Single(Graph.Create().AddExecutable("a", "x", ".").WithEndpoint(protocol: ProtocolType.Udp)).Transport);
    }

    [Fact]
    public void ASecondCallChangesOnlyWhatItSays()
    {
        var endpoint = Single(Graph.Create().AddExecutable("a", "x", ".")
            .WithHttpEndpoint(port: 5000, targetPort: 80).WithEndpoint("HTTP", e => e.IsExternal = true).WithHttpEndpoint(targetPort: 81));
        Assert.Equal((5000, 81, true), (endpoint.Port, endpoint.TargetPort, endpoint.IsExternal));
    }

    [Fact]
    public void WithoutAProxyPortAndTargetPortAreOne()
    {
        var endpoint = Single(Graph.Create().AddExecutable("a", "x", ".").WithHttpEndpoint(port: 5000, isProxied: false));
        Assert.Equal(5000, endpoint.TargetPort);
        endpoint.TargetPort = null;
        Assert.Null(endpoint.TargetPort);
    }

    [Fact]
    public void Http2IsForEndpointsThatComeLaterToo()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".").AsHttp2Service().WithHttpEndpoint();
        Assert.Equal("http2", Single(a).Transport);
    }

    [Fact]
    public void AMissingEndpointNamesThoseThatThereAre()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".");
        Assert.Equal("The endpoint `grpc` is not defined for the resource `a`. The resource has no endpoints defined.", Missing());
        a.WithHttpEndpoint().WithHttpsEndpoint();
        Assert.Equal("The endpoint `grpc` is not defined for the resource `a`. Available endpoints: `http`, `https`.", Missing());

        string Missing() => Assert.Throws<InvalidOperationException>(() => a.GetEndpoint("grpc").Port).Message is var _
            ? Assert.Throws<InvalidOperationException>(() => a.GetEndpoint("grpc").EndpointAnnotation).Message
            : "";
    }

    [Fact]
    public async Task AReferenceWaitsForItsAddress()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".").WithHttpEndpoint();
        var reference = a.GetEndpoint("http");
        Assert.Equal(
            "The endpoint `http` is not allocated for the resource `a`.",
            Assert.Throws<InvalidOperationException>(() => reference.Url).Message);

        var pending = reference.GetValueAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(pending.IsCompleted);
        Graph.Allocate(a, 1234);
        Assert.Equal("http://localhost:1234", await pending);
        Assert.True(reference.IsAllocated);
    }

    [Theory]
    [InlineData(EndpointProperty.Url, "http://localhost:1234", "{a.bindings.http.url}")]
    [InlineData(EndpointProperty.Host, "localhost", "{a.bindings.http.host}")]
    [InlineData(EndpointProperty.IPV4Host, "127.0.0.1", "{a.bindings.http.host}")]
    [InlineData(EndpointProperty.Port, "1234", "{a.bindings.http.port}")]
    [InlineData(EndpointProperty.Scheme, "http", "{a.bindings.http.scheme}")]
    [InlineData(EndpointProperty.TargetPort, "<port of http>", "{a.bindings.http.targetPort}")]
    [InlineData(EndpointProperty.HostAndPort, "localhost:1234", "{a.bindings.http.host}:{a.bindings.http.port}")]
    [InlineData(EndpointProperty.TlsEnabled, "False", "{a.bindings.http.tlsEnabled}")]
    public async Task EveryPropertyHasAValueAndAnExpression(EndpointProperty property, string value, string expression)
    {
        var a = Graph.Create().AddExecutable("a", "x", ".").WithHttpEndpoint();
        Graph.Allocate(a, 1234);
        var reference = a.GetEndpoint("http").Property(property);
        Assert.Equal(value, await reference.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expression, reference.ValueExpression);
    }

    [Fact]
    public async Task AContainerSeesTheAddressInItsOwnNetwork()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".").WithHttpEndpoint();
        Graph.Allocate(a, 1234);
        var endpoint = Single(a);
        var network = KnownNetworkIdentifiers.DefaultAspireContainerNetwork;
        endpoint.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(network, new AllocatedEndpoint(endpoint, "host.docker.internal", 1234, EndpointBindingMode.SingleAddress, null, network));

        var url = $"{a.GetEndpoint("http")}";
        var container = builder.AddContainer("c", "image").WithEnvironment("URL", a.GetEndpoint("http")).WithReference(a.GetEndpoint("http"));
        var environment = await Graph.EnvironmentOf(container);
        Assert.Equal("http://host.docker.internal:1234", environment["URL"]);
        Assert.Equal("http://host.docker.internal:1234", environment["services__a__http__0"]);
        Assert.NotEmpty(url);
    }

    [Fact]
    public async Task EnvTellsTheProcessItsTargetPortOnce()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".").WithHttpEndpoint(env: "PORT").WithHttpEndpoint(targetPort: 8080, env: "PORT");
        Assert.Equal("8080", (await Graph.EnvironmentOf(a))["PORT"]);
        Assert.Single(a.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>());
    }

    private static EndpointAnnotation Single(IResourceBuilder<IResource> builder) =>
        Assert.Single(builder.Resource.Annotations.OfType<EndpointAnnotation>());
}
