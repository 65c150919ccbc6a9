using MonoRepo.Notifier;
using MonoRepo.Notifier.Sending;
using NodaTime;

namespace MonoRepo.Tests;

/// <summary>What is sent when.</summary>
public sealed class DeliveryPlanTests
{
    private static readonly QuietHours s_night =
        new(new LocalTime(22, 0), new LocalTime(7, 0), DateTimeZoneProviders.Tzdb["Europe/Berlin"]);

    [Theory]
    [InlineData("2026-01-15T20:59:00Z", false)]
    [InlineData("2026-01-15T21:00:00Z", true)]
    [InlineData("2026-01-16T05:59:00Z", true)]
    [InlineData("2026-01-16T06:00:00Z", false)]
    [InlineData("2026-07-15T20:00:00Z", true)]
    public void QuietHours_AreThoseOfTheTimeZone_PastMidnight(string time, bool expected) =>
        Assert.Equal(expected, s_night.Contains(DateTimeOffset.Parse(time)));

    [Fact]
    public void Pages_ComeThrough_AndOthersAreOneMessageAtTheEndOfQuietHours()
    {
        QueuedNotification[] held =
        [
            Queued("a", false, "2026-01-15T20:00:00Z"), Queued("b", false, "2026-01-15T22:00:00Z"),
            Queued("c", true, "2026-01-15T22:00:00Z"), Queued("d", false, "2026-01-15T23:00:00Z"),
        ];

        Assert.Equal(["c"], Sent(held, "2026-01-15T23:30:00Z", 10));
        Assert.Equal(["c", "b+d", "a"], Sent(held, "2026-01-16T06:00:00Z", 10));
        Assert.Equal(DateTimeOffset.Parse("2026-01-16T06:00:00Z"), s_night.DueAt(held[3].Notification));
    }

    [Fact]
    public void WhatIsOverTheRate_IsOneMessage_WithPagesFirst()
    {
        var held = Enumerable.Range(0, 9).Select(i => Queued($"{i}", i == 8, "2026-01-15T12:00:00Z")).ToArray();

        Assert.Empty(Sent(held, "2026-01-15T12:00:01Z", 0));
        Assert.Equal(["8", "0", "1+2+3+4+5+6+7"], Sent(held, "2026-01-15T12:00:01Z", 3));
        var last = DeliveryPlan.Make(held, DateTimeOffset.Parse("2026-01-15T12:00:01Z"), 1, null).Single().Message;
        Assert.Equal("9 notifications", last.Title);
        Assert.Equal(["line 8", "line 0", "line 1", "line 2", "line 3", "and 4 more"], last.Lines);
        Assert.True(last.IsPage);
    }

    private static IEnumerable<string> Sent(QueuedNotification[] held, string now, int permits) =>
        from delivery in DeliveryPlan.Make(held, DateTimeOffset.Parse(now), permits, s_night)
        select string.Join('+', delivery.Parts.Select(part => part.Entry));

    private static QueuedNotification Queued(string entry, bool isPage, string since) =>
        new(entry, new(entry, isPage, DateTimeOffset.Parse(since), $"title {entry}", [$"line {entry}"]));
}
