using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Sample.Greeter.V1;

namespace Sample.Tests;

/// <summary>The graph of the AppHost, on ports of its own, and calls of its service.</summary>
public sealed class GreetTests(GraphFixture graph) : IClassFixture<GraphFixture>
{
    [Fact]
    public async Task Greet_Name_IsGreeted()
    {
        var response = await graph.Client.GreetAsync(
            new() { Name = "World" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Hello, World.", response.Text);
    }

    [Fact]
    public async Task Greet_NoName_IsInvalid()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await graph.Client.GreetAsync(new(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }
}

/// <summary>The running graph.</summary>
public sealed class GraphFixture : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    private DistributedApplication? _application;
    private GrpcChannel? _channel;

    /// <summary>A client of the service.</summary>
    public GreeterService.GreeterServiceClient Client => new(_channel!);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(s_timeout);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(timeout.Token);
        _application = await builder.BuildAsync(timeout.Token);
        await _application.StartAsync(timeout.Token);
        await _application.ResourceNotifications.WaitForResourceHealthyAsync("greeter-server", timeout.Token);

        // The graph has no caller of it: what the service sees is a developer.
        var http = new HttpClient
        {
            DefaultRequestHeaders = { Authorization = new("Bearer", _application.CreateServiceToken("greeter-server")) },
        };
        _channel = GrpcChannel.ForAddress(
            _application.GetEndpoint("greeter-server", "grpc"),
            new GrpcChannelOptions { HttpClient = http, DisposeHttpClient = true });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }
}
