using NodaTime;

namespace MonoRepo.Notifier.Sending;

/// <summary>The hours of each day in which a receiver hears of pages only; they may go past midnight.</summary>
internal sealed record QuietHours(LocalTime From, LocalTime To, DateTimeZone Zone)
{
    public bool Contains(DateTimeOffset time)
    {
        var local = Local(time).TimeOfDay;
        return From < To ? local >= From && local < To : local >= From || local < To;
    }

    /// <summary>When a notification may be sent: at once, or at the end of the quiet time in which it was taken.</summary>
    public DateTimeOffset DueAt(Notification notification)
    {
        if (notification.IsPage || !Contains(notification.Since))
        {
            return notification.Since;
        }

        var local = Local(notification.Since);
        var day = local.TimeOfDay < To ? local.Date : local.Date.PlusDays(1);
        return Zone.AtLeniently(day + To).ToDateTimeOffset();
    }

    private LocalDateTime Local(DateTimeOffset time) => Instant.FromDateTimeOffset(time).InZone(Zone).LocalDateTime;
}
