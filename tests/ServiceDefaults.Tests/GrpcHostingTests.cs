using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Grpc;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using ReflectionV1 = Grpc.Reflection.V1;
using ReflectionV1Alpha = Grpc.Reflection.V1Alpha;

namespace MonoRepo.Tests;

public sealed class GrpcHostingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFailingDependencyTurnsReadinessOffAndLeavesLivenessAlone()
    {
        var dependency = HealthStatus.Healthy;
        await using var host = await TestHost.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("dependency", () => new HealthCheckResult(dependency)));
        using var client = Client(host.Grpc);
        using var http = new HttpClient { BaseAddress = host.Management };
        Assert.Equal((200, ServingStatus.Serving), (await StatusAsync("/health"), await CheckAsync("")));

        dependency = HealthStatus.Unhealthy;
        Assert.Equal((503, ServingStatus.NotServing), (await StatusAsync("/health"), await CheckAsync("")));
        Assert.Equal((200, ServingStatus.Serving), (await StatusAsync("/alive"), await CheckAsync("liveness")));

        dependency = HealthStatus.Degraded;
        Assert.Equal((200, ServingStatus.Serving), (await StatusAsync("/health"), await CheckAsync("")));

        async Task<int> StatusAsync(string path) => (int)(await http.GetAsync(path, Cancellation)).StatusCode;

        async Task<ServingStatus> CheckAsync(string service) =>
            (await client.Health.CheckAsync(
                new HealthCheckRequest { Service = service }, cancellationToken: Cancellation)).Status;
    }

    [Fact]
    public async Task AClientBalancesOverAllAddressesAndOutlivesOne()
    {
        await using var first = await TestHost.StartAsync();
        await using var second = await TestHost.StartAsync();
        using var client = Client(first.Grpc, second.Grpc);
        var peers = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            peers.Add(await PeerAsync());
        }

        Assert.Equal(2, peers.Count);
        await first.App.StopAsync(Cancellation);
        for (var i = 0; i < 10; i++)
        {
            await PeerAsync();
        }

        // Each host says in a header on which port it was reached.
        async Task<string> PeerAsync()
        {
            var call = client.Health.CheckAsync(
                new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: Cancellation);
            await call;
            return (await call.ResponseHeadersAsync).GetValue("port")!;
        }
    }

    [Fact]
    public async Task ACallWaitsForAServerUntilItsDeadline()
    {
        var first = await TestHost.StartAsync();
        var address = first.Grpc;
        await first.DisposeAsync();
        using var client = Client(address);
        var call = client.Health.CheckAsync(
            new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(1), cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
    }

    [Fact]
    public async Task AddressThatIsNotKnownIsSaidWhereTheClientIsAdded()
    {
        var builder = Host.CreateApplicationBuilder();

        var exception = Assert.Throws<ConfigurationException>(() => builder.AddGrpcServiceClient<Health.HealthClient>("test"));

        Assert.Equal(
            "No address of 'test': set services__test__grpc__0=http://host:port (in the resource graph: WithReference).",
            exception.Message);
        builder.Configuration["services:test:grpc:0"] = "somewhere";
        exception = Assert.Throws<ConfigurationException>(() => builder.AddGrpcServiceClient<Health.HealthClient>("test"));
        Assert.Equal("'somewhere' in services__test__grpc__0 is not an address such as http://host:port.", exception.Message);
    }

    [Fact]
    public async Task BothVersionsOfReflectionDescribeWhatIsServed()
    {
        await using var host = await TestHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Grpc);
        using var v1 = new ReflectionV1.ServerReflection.ServerReflectionClient(channel)
            .ServerReflectionInfo(cancellationToken: Cancellation);
        await v1.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
        Assert.True(await v1.ResponseStream.MoveNext(Cancellation));
        using var alpha = new ReflectionV1Alpha.ServerReflection.ServerReflectionClient(channel)
            .ServerReflectionInfo(cancellationToken: Cancellation);
        await alpha.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
        Assert.True(await alpha.ResponseStream.MoveNext(Cancellation));

        string[] expected =
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];
        Assert.Equal(expected, v1.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order());
        Assert.Equal(expected, alpha.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order());
    }

    private static TestClient Client(params Uri[] addresses) => new(addresses);

    private sealed class TestClient : IDisposable
    {
        private readonly IHost _host;

        public TestClient(Uri[] addresses)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Configuration.AddInMemoryCollection(addresses.Select((address, i) =>
                KeyValuePair.Create($"services:test:grpc:{i}", (string?)address.ToString())));
            builder.AddServiceDefaults();
            builder.AddGrpcServiceClient<Health.HealthClient>("test");
            _host = builder.Build();
            Health = _host.Services.GetRequiredService<Health.HealthClient>();
        }

        public Health.HealthClient Health { get; }

        public void Dispose() => _host.Dispose();
    }
}
