using OpenTelemetry.Instrumentation.StackExchangeRedis;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>Defaults of a client that outlives its cluster's failovers; what the connection string says goes first.</summary>
/// <param name="tracing">Makes spans of the client's commands; null where nobody takes traces.</param>
internal sealed class ClusterOptionsProvider(StackExchangeRedisInstrumentation? tracing) : DefaultOptionsProvider
{
    /// <summary>The longest that a command may take.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    public MemberAddresses Addresses { get; } = new();

    /// <summary>The start doesn't wait for Redis: until it answers, the service is alive and not ready.</summary>
    public override bool AbortOnConnectFail => false;

    public override int ConnectRetry => 1;

    public override TimeSpan? ConnectTimeout => s_timeout;

    public override TimeSpan SyncTimeout => s_timeout;

    public override TimeSpan KeepAliveInterval => TimeSpan.FromSeconds(5);

    public override IReconnectRetryPolicy ReconnectRetryPolicy { get; } = new LinearRetry(1000);

    public override TimeSpan TopologyRefreshInterval => TimeSpan.FromSeconds(2);

    public override Task AfterConnectAsync(ConnectionMultiplexer multiplexer, Action<string> log)
    {
        Addresses.Redis = multiplexer;
        tracing?.AddConnection(multiplexer);
        return Task.CompletedTask;
    }
}
