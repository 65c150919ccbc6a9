using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Grpc;
using StackExchange.Redis;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// The process's one connection to Redis, kept alive in the background: it connects without holding up the start, probes all
/// shards every second, and dials afresh from the connection string (new addresses behind the same names) after 10 s of silence.
/// </summary>
public sealed partial class RedisConnection(string connectionString, TimeProvider clock, ILogger<RedisConnection> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DialAfresh = TimeSpan.FromSeconds(10);

    private volatile ConnectionMultiplexer? _multiplexer;
    private volatile IDatabase? _database;

    /// <summary>The longest that one command may take: 2 s.</summary>
    public static TimeSpan CommandTimeout { get; } = TimeSpan.FromSeconds(2);

    /// <summary>What the last probe saw; <see cref="RedisState.Away"/> until the first has answered.</summary>
    public RedisState State { get; private set; } = RedisState.Away;

    /// <summary>Subscriptions, which are not bound to a shard.</summary>
    /// <exception cref="DependencyUnavailableException">Not connected yet.</exception>
    public ISubscriber Subscriber => (_multiplexer ?? throw new DependencyUnavailableException("Redis")).GetSubscriber();

    /// <summary>
    /// Runs one command or one pipelined group of commands within <see cref="CommandTimeout"/>, as one span of the trace.
    /// State and a static lambda instead of a closure, because this is every call's hot path.
    /// </summary>
    /// <param name="operation">The command's name, for the span.</param>
    /// <param name="state">What <paramref name="call"/> needs.</param>
    /// <param name="call">Starts the command.</param>
    /// <param name="cancellationToken">Gives up waiting; a command that was sent is still carried out.</param>
    /// <exception cref="DependencyUnavailableException">Redis or the shard asked is away, or did not answer in time.</exception>
    public async Task<T> CallAsync<TState, T>(
        string operation, TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        using var activity = RedisTracing.Start(operation);
        try
        {
            var database = _database ?? throw new DependencyUnavailableException("Redis");
            return await call(database, state).WaitAsync(CommandTimeout, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            RedisTracing.Fail(activity, exception);
            if (RedisFaults.IsAway(exception))
            {
                throw new DependencyUnavailableException("Redis", exception);
            }

            throw;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastAnswer = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            if (_database is null || (State == RedisState.Away && clock.GetElapsedTime(lastAnswer) > DialAfresh))
            {
                await DialAsync();
            }

            var state = _database is { } database ? await RedisProbe.RunAsync(database, clock) : RedisState.Away;
            if (state != RedisState.Away)
            {
                lastAnswer = clock.GetTimestamp();
            }

            if (state != State)
            {
                State = state;
                LogState(state);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _multiplexer?.Dispose();
    }

    private async Task DialAsync()
    {
        try
        {
            var options = ConfigurationOptions.Parse(connectionString);
            options.AbortOnConnectFail = true;
            options.ConnectTimeout = (int)CommandTimeout.TotalMilliseconds;
            options.ConnectRetry = 1;
            options.KeepAlive = 5;
            options.ConfigCheckSeconds = 5;
            var old = _multiplexer;
            var fresh = await ConnectionMultiplexer.ConnectAsync(options);
            _multiplexer = fresh;
            _database = fresh.GetDatabase();
            old?.Dispose();
        }
        catch (Exception exception) when (RedisFaults.IsAway(exception))
        {
            LogNotConnected(exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Redis is {State}.")]
    private partial void LogState(RedisState state);

    [LoggerMessage(2, LogLevel.Debug, "Redis cannot be reached: {Reason}")]
    private partial void LogNotConnected(string reason);
}
