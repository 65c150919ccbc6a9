namespace MonoRepo.Notifier.Sending;

/// <summary>A notification and the entry of the queue that holds it.</summary>
internal sealed record QueuedNotification(string Entry, Notification Notification);

/// <summary>One message: one notification, or several that are told together.</summary>
internal sealed record Delivery(IReadOnlyList<QueuedNotification> Parts)
{
    public Notification Message { get; } = Notification.Collect([.. Parts.Select(part => part.Notification)]);
}

/// <summary>What is sent now.</summary>
internal static class DeliveryPlan
{
    /// <summary>
    /// Pages first. What had to wait for the end of quiet hours is one message; so is, where the rate allows fewer messages than
    /// there are, all that is over.
    /// </summary>
    /// <param name="held">What isn't sent yet, in the order in which it came.</param>
    /// <param name="now">The time.</param>
    /// <param name="permits">How many messages the rate allows now.</param>
    /// <param name="quiet">The receiver's quiet hours.</param>
    public static IReadOnlyList<Delivery> Make(
        IEnumerable<QueuedNotification> held, DateTimeOffset now, long permits, QuietHours? quiet)
    {
        if (permits <= 0)
        {
            return [];
        }

        var due = held.Where(one => one.Notification.IsPage || quiet?.Contains(now) != true).ToLookup(one =>
            one.Notification.IsPage ? Kind.Page : quiet?.Contains(one.Notification.Since) == true ? Kind.Kept : Kind.Other);
        List<Delivery> deliveries =
        [
            .. due[Kind.Page].Select(one => new Delivery([one])),
            .. due[Kind.Kept].Any() ? [new Delivery([.. due[Kind.Kept]])] : Array.Empty<Delivery>(),
            .. due[Kind.Other].Select(one => new Delivery([one])),
        ];
        if (deliveries.Count <= permits)
        {
            return deliveries;
        }

        var alone = (int)permits - 1;
        return [.. deliveries.Take(alone), new Delivery([.. deliveries.Skip(alone).SelectMany(delivery => delivery.Parts)])];
    }

    private enum Kind
    {
        Page,
        Kept,
        Other,
    }
}
