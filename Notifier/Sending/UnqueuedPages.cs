using System.Collections.Concurrent;

namespace MonoRepo.Notifier.Sending;

/// <summary>
/// Pages that were posted while Redis couldn't store them, one of which may report that very outage. While Redis is unavailable,
/// each replica delivers them from memory. The request still gets 503, so that it is retried and nothing is lost.
/// </summary>
internal sealed class UnqueuedPages(NotifierOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Receiver, string Id), Page> _pages = new();

    /// <summary>Remembers a page; anything else can wait for Redis.</summary>
    public void Add(string receiver, Notification notification)
    {
        foreach (var old in _pages.Where(page => clock.GetUtcNow() - page.Value.Notification.Since > options.DeduplicationWindow))
        {
            _pages.TryRemove(old);
        }

        if (notification.IsPage)
        {
            _pages.TryAdd((receiver, notification.Id), new(notification, IsTold: false));
        }
    }

    /// <summary>Those that nobody was told of yet.</summary>
    public IReadOnlyList<Notification> Untold(string receiver) =>
        [.. _pages.Where(page => page.Key.Receiver == receiver && !page.Value.IsTold).Select(page => page.Value.Notification)];

    /// <summary>The receiver has it.</summary>
    public void SetTold(string receiver, Notification notification) =>
        _pages[(receiver, notification.Id)] = new(notification, IsTold: true);

    /// <summary>Whether this replica has told the receiver so.</summary>
    public bool IsTold(string receiver, Notification notification) =>
        _pages.GetValueOrDefault((receiver, notification.Id)) is { IsTold: true };

    /// <summary>Redis is back: the queue gets what nobody was told of.</summary>
    public void Forget(string receiver)
    {
        foreach (var page in _pages.Where(page => page.Key.Receiver == receiver && !page.Value.IsTold))
        {
            _pages.TryRemove(page);
        }
    }

    private sealed record Page(Notification Notification, bool IsTold);
}
