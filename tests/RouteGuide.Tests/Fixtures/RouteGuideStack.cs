using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Tests.Redis;
using MonoRepo.Tests.Services;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>A Redis Cluster of three and two replicas of the server over it, started together.</summary>
public abstract class RouteGuideStack(RedisEngine engine) : IAsyncLifetime
{
    private RedisClusterProcess? _cluster;
    private readonly List<GrpcChannel> _channels = [];

    internal IReadOnlyList<ServerProcess> Servers { get; private set; } = [];

    internal IReadOnlyList<RouteGuideClient> Clients => [.. _channels.Select(channel => new RouteGuideClient(channel))];

    internal ChannelBase Channel => _channels[0];

    internal string ConnectionString => _cluster!.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        _cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: cancellationToken);
        Servers = await Task.WhenAll(
            RouteGuideServer.StartAsync(_cluster.ConnectionString, cancellationToken),
            RouteGuideServer.StartAsync(_cluster.ConnectionString, cancellationToken));
        foreach (var server in Servers)
        {
            await server.WaitForHealthAsync(200, cancellationToken);
            _channels.Add(GrpcChannel.ForAddress(server.Grpc));
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _channels.ForEach(channel => channel.Dispose());
        foreach (var server in Servers)
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
