using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using static MonoRepo.Tests.Calls;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

public abstract class RedisAwayTests(RedisEngine engine)
{
    [Fact]
    public async Task ReadinessAndCallsFollowRedisAwayAndBack()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var cluster = await RedisClusterProcess.StartAsync(
            engine, keepsData: true, cancellationToken: cancellationToken);
        await Task.WhenAll(cluster.Nodes.Select(node => node.KillAsync(cancellationToken)));

        // Started without Redis: alive, not ready, and calls say why.
        await using var server = await RouteGuideServer.StartAsync(cluster.ConnectionString, cancellationToken);
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new RouteGuideClient(channel);
        var health = new Health.HealthClient(channel);
        using var watch = health.Watch(
            new HealthCheckRequest { Service = "routeguide.RouteGuide" }, cancellationToken: cancellationToken);
        await NextAsync(ServingStatus.NotServing);
        await IsAwayAsync();

        await ComesBackAsync();

        await Task.WhenAll(cluster.Nodes.Select(node => node.KillAsync(cancellationToken)));
        await NextAsync(ServingStatus.NotServing);
        await IsAwayAsync();
        await ComesBackAsync();

        async Task ComesBackAsync()
        {
            await Task.WhenAll(cluster.Nodes.Select(node => node.StartAsync(cancellationToken)));
            await NextAsync(ServingStatus.Serving);
            Assert.Contains("Berkshire", (await client.GetFeatureAsync(Known, Options())).Name, StringComparison.Ordinal);
        }

        async Task IsAwayAsync()
        {
            Assert.Equal(503, await server.GetStatusAsync("/health", cancellationToken));
            Assert.Equal(200, await server.GetStatusAsync("/alive", cancellationToken));
            Assert.Equal(
                ServingStatus.Serving,
                (await health.CheckAsync(new HealthCheckRequest { Service = "liveness" }, Options())).Status);
            await Task.WhenAll(
                FailsAsync(StatusCode.Unavailable, () => client.GetFeatureAsync(Known, Options()).ResponseAsync),
                FailsAsync(StatusCode.Unavailable, () => client.ListAsync(At(0, 0), Known)),
                FailsAsync(StatusCode.Unavailable, () => client.RecordAsync(Known)),
                FailsAsync(StatusCode.Unavailable, () => client.ChatAsync(Known, "x")));
        }

        // A watch that begins before the first check is told the status twice: as it is worked out for the call, and by that
        // check.
        async Task NextAsync(ServingStatus status)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(TimeSpan.FromSeconds(60));
            do
            {
                Assert.True(await watch.ResponseStream.MoveNext(deadline.Token));
            }
            while (watch.ResponseStream.Current.Status != status);
        }
    }
}

public sealed class GarnetAwayTests() : RedisAwayTests(RedisEngine.Garnet);

public sealed class RedisServerAwayTests() : RedisAwayTests(RedisEngine.RedisServer);
