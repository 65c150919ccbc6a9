using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MonoRepo.Notifier.Sending;

/// <summary>What became of notifications; docs/notifications.md lists the series.</summary>
internal sealed class DeliveryMetrics : IDisposable
{
    private static readonly string[] s_results = ["sent", "retried", "refused", "expired"];

    private readonly Meter _meter = new("MonoRepo.Notifier");
    private readonly Counter<long> _deliveries;
    private readonly ConcurrentDictionary<string, (int Length, DateTimeOffset? Oldest)> _queues = new();

    public DeliveryMetrics(NotifierOptions options, TimeProvider clock)
    {
        _deliveries = _meter.CreateCounter<long>(
            "notifier.deliveries", description: "Notifications that were sent, are tried again, or were given up.");
        _meter.CreateObservableGauge(
            "notifier.queue_length", () => _queues.Select(queue => Measure(queue.Value.Length, queue.Key)),
            description: "Notifications that are not sent yet, as their sender sees it.");
        _meter.CreateObservableGauge(
            "notifier.queue_oldest_age",
            () => _queues.Select(queue =>
                Measure(Math.Max(0, (clock.GetUtcNow() - queue.Value.Oldest)?.TotalSeconds ?? 0), queue.Key)),
            "s", "For how long the oldest notification could have been sent.");

        // The first one is an increase only of a counter that was there before.
        foreach (var receiver in options.Receivers.Keys)
        {
            Array.ForEach(s_results, result => Count(receiver, result, 0));
        }
    }

    public void Count(string receiver, string result, int count) =>
        _deliveries.Add(count, new("receiver", receiver), new("result", result));

    /// <summary>What the sender of the receiver holds.</summary>
    public void ShowQueue(string receiver, int length, DateTimeOffset? oldest) => _queues[receiver] = (length, oldest);

    /// <summary>Another replica is the sender.</summary>
    public void HideQueue(string receiver) => _queues.TryRemove(receiver, out _);

    public void Dispose() => _meter.Dispose();

    private static Measurement<double> Measure(double value, string receiver) =>
        new(value, new KeyValuePair<string, object?>("receiver", receiver));
}
