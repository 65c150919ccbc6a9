using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Grpc;
using static Grpc.Health.V1.HealthCheckResponse.Types;

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
            (await client.Health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Cancellation)).Status;
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
            var call = client.Health.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: Cancellation);
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
        var call = client.Health.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(1), cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
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
            builder.AddGrpcServiceClient("test", invoker => new Health.HealthClient(invoker));
            _host = builder.Build();
            Health = _host.Services.GetRequiredService<Health.HealthClient>();
        }

        public Health.HealthClient Health { get; }

        public void Dispose() => _host.Dispose();
    }
}
