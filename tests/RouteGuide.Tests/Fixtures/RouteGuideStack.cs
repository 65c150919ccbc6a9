using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>A Redis Cluster of three and two replicas of the server over it, started together.</summary>
public abstract class RouteGuideStack(RedisEngine engine) : IAsyncLifetime
{
    private readonly List<GrpcChannel> _channels = [];
    private RedisClusterProcess? _cluster;
    private IReadOnlyList<ServerProcess> _servers = [];

    /// <summary>The replicas. Skips the test where the engine is missing, which a fixture can't do before.</summary>
    internal IReadOnlyList<ServerProcess> Servers
    {
        get
        {
            Assert.SkipWhen(_servers.Count == 0, RedisClusterProcess.ReasonToSkip(engine) ?? "");
            return _servers;
        }
    }

    internal IReadOnlyList<RouteGuideClient> Clients =>
        [.. Servers.Zip(_channels, (_, channel) => new RouteGuideClient(channel))];

    internal ChannelBase Channel => Servers.Zip(_channels).First().Second;

    public async ValueTask InitializeAsync()
    {
        if (RedisClusterProcess.ReasonToSkip(engine) is not null)
        {
            return;
        }

        var cancellationToken = TestContext.Current.CancellationToken;
        _cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        _servers = await Task.WhenAll(
            RouteGuideServer.StartAsync(_cluster.ConnectionString, cancellationToken),
            RouteGuideServer.StartAsync(_cluster.ConnectionString, cancellationToken));
        foreach (var server in _servers)
        {
            await server.WaitForHealthAsync(200, cancellationToken);
            _channels.Add(GrpcChannel.ForAddress(server.Grpc));
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _channels.ForEach(channel => channel.Dispose());
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}

/// <summary>The stack on Garnet.</summary>
public sealed class GarnetStack() : RouteGuideStack(RedisEngine.Garnet);

/// <summary>The stack on the native redis-server.</summary>
public sealed class RedisServerStack() : RouteGuideStack(RedisEngine.RedisServer);
