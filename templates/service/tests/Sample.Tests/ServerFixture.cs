#if (redis)
using MonoRepo.Tests.Redis;
#endif
using MonoRepo.Tests.Services;

namespace MonoRepo.Tests;

#if (redis)
/// <summary>The server as a process, as the AppHost would start it, and a Redis Cluster of its own.</summary>
#else
/// <summary>The server as a process, as the AppHost would start it.</summary>
#endif
public sealed class ServerFixture : IAsyncLifetime
{
#if (redis)
    private RedisClusterProcess? _redis;
#endif
    private ServerProcess? _server;

    /// <summary>The gRPC endpoint.</summary>
    public Uri Grpc => _server!.Grpc;

    /// <summary>The management endpoint.</summary>
    public Uri Management => _server!.Management;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
#if (redis)
        _redis = await RedisClusterProcess.StartAsync(RedisEngine.Garnet, cancellationToken: cancellationToken);
        _server = await ServerProcess.StartAsync(
            "Sample.Server", cancellationToken, settings: ("ConnectionStrings__redis", _redis.ConnectionString));
#else
        _server = await ServerProcess.StartAsync("Sample.Server", cancellationToken);
#endif
        await _server.WaitForHealthAsync(200, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
#if (redis)

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
#endif
    }
}
