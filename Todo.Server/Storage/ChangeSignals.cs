using StackExchange.Redis;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>Wake-ups for the watchers in this replica: one subscription a list, however many watch it.</summary>
public sealed class ChangeSignals(IConnectionMultiplexer redis)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Channel> _channels = new(StringComparer.Ordinal);

    /// <summary>Begins to listen.</summary>
    public async Task<Subscription> SubscribeAsync(RedisChannel name)
    {
        Channel channel;
        bool first;
        lock (_lock)
        {
            first = !_channels.TryGetValue(name!, out channel!);
            if (first)
            {
                _channels.Add(name!, channel = new());
            }

            channel.Watchers++;
        }

        try
        {
            if (first)
            {
                await redis.GetSubscriber().SubscribeAsync(name, (_, _) => channel.Wake());
            }

            return new(this, name, channel);
        }
        catch
        {
            Leave(name, channel);
            throw;
        }
    }

    private void Leave(RedisChannel name, Channel channel)
    {
        lock (_lock)
        {
            if (--channel.Watchers > 0)
            {
                return;
            }

            _channels.Remove(name!);
            redis.GetSubscriber().Unsubscribe(name, flags: CommandFlags.FireAndForget);
        }
    }

    /// <summary>One watcher's ear.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly ChangeSignals _signals;
        private readonly RedisChannel _name;
        private readonly Channel _channel;

        internal Subscription(ChangeSignals signals, RedisChannel name, Channel channel) =>
            (_signals, _name, _channel) = (signals, name, channel);

        /// <summary>Completes at the next wake-up after this was read.</summary>
        public Task Next => _channel.Next;

        /// <inheritdoc/>
        public void Dispose() => _signals.Leave(_name, _channel);
    }

    internal sealed class Channel
    {
        private TaskCompletionSource _next = New();

        public int Watchers { get; set; }

        public Task Next => Volatile.Read(ref _next).Task;

        public void Wake() => Interlocked.Exchange(ref _next, New()).SetResult();

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
