using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.Eventing;

/// <inheritdoc cref="IDistributedApplicationEventing" />
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private static readonly object AnyResource = new();

    private readonly Lock _gate = new();

    // By type and resource, so that publishing does not walk the subscriptions of ten thousand other resources.
    private readonly Dictionary<(Type Event, object Resource), List<Entry>> _subscriptions = [];
    private readonly Dictionary<DistributedApplicationEventSubscription, (Type Event, object Resource)> _keys = [];
    private int _order;

    internal ILogger Logger { get; set; } = NullLogger.Instance;

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Add((typeof(T), AnyResource), new DistributedApplicationEventSubscription((@event, cancellationToken) => callback((T)@event, cancellationToken)));
    }

    /// <inheritdoc />
    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(callback);
        return Add((typeof(T), resource), new DistributedApplicationResourceEventSubscription(resource, (@event, cancellationToken) => callback((T)@event, cancellationToken)));
    }

    /// <inheritdoc />
    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        lock (_gate)
        {
            if (_keys.Remove(subscription, out var key))
            {
                _subscriptions[key].RemoveAll(e => e.Subscription == subscription);
            }
        }
    }

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent => PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc />
    public Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        ArgumentNullException.ThrowIfNull(@event);
        var subscriptions = Find(typeof(T), @event);
        return dispatchBehavior switch
        {
            EventDispatchBehavior.BlockingSequential => OneByOneAsync(subscriptions, @event, cancellationToken),
            EventDispatchBehavior.BlockingConcurrent => Task.WhenAll(subscriptions.Select(s => s.Callback(@event, cancellationToken))),
            EventDispatchBehavior.NonBlockingSequential => Forget(() => OneByOneAsync(subscriptions, @event, cancellationToken)),
            EventDispatchBehavior.NonBlockingConcurrent => Forget(() => Task.WhenAll(subscriptions.Select(s => s.Callback(@event, cancellationToken)))),
            _ => throw new ArgumentOutOfRangeException(nameof(dispatchBehavior)),
        };
    }

    private static async Task OneByOneAsync(
        DistributedApplicationEventSubscription[] subscriptions,
        IDistributedApplicationEvent @event,
        CancellationToken cancellationToken)
    {
        foreach (var subscription in subscriptions)
        {
            await subscription.Callback(@event, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task Forget(Func<Task> dispatch)
    {
        _ = Task.Run(async () =>
        {
            try
            {
                await dispatch().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                EventingLog.HandlerFailed(Logger, exception);
            }
        });
        return Task.CompletedTask;
    }

    private DistributedApplicationEventSubscription Add(
        (Type Event, object Resource) key,
        DistributedApplicationEventSubscription subscription)
    {
        if (key.Event.IsInterface || key.Event.IsAbstract)
        {
            throw new ArgumentException($"Cannot subscribe to interface or abstract type '{key.Event.Name}'. Subscribe to a concrete event type instead.");
        }

        lock (_gate)
        {
            if (!_subscriptions.TryGetValue(key, out var entries))
            {
                _subscriptions[key] = entries = [];
            }

            entries.Add(new(_order++, subscription));
            _keys[subscription] = key;
        }

        return subscription;
    }

    private DistributedApplicationEventSubscription[] Find(Type type, IDistributedApplicationEvent @event)
    {
        lock (_gate)
        {
            var found = new List<Entry>(_subscriptions.GetValueOrDefault((type, AnyResource)) ?? []);
            if (@event is IDistributedApplicationResourceEvent { Resource: var resource }
                && _subscriptions.TryGetValue((type, resource), out var own))
            {
                found.AddRange(own);
            }

            return [.. found.OrderBy(e => e.Order).Select(e => e.Subscription)];
        }
    }

    private sealed record Entry(int Order, DistributedApplicationEventSubscription Subscription);
}

internal static partial class EventingLog
{
    [LoggerMessage(1, LogLevel.Error, "A handler of an event failed.")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception);
}
