using System.Text;
using Microsoft.AspNetCore.Http;
using StackExchange.Redis;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>From Alertmanager's webhook to Firebase Cloud Messaging, with what goes wrong on the way.</summary>
public sealed class FcmTests(SharedRedis redis)
{
    [Fact]
    public async Task News_IsToldOnce_AndOnlyToWhoeverHasTheToken()
    {
        await using var fcm = await FcmStandIn.StartAsync();
        await using var notifier = await StartAsync(redis.ConnectionString, fcm.Receiver("phone"));

        Assert.Equal(401, await notifier.PostAsync(Group("Nobody"), token: null));
        Assert.Equal(401, await notifier.PostAsync(Group("Nobody"), token: "another"));
        Assert.Equal(400, await notifier.PostAsync(new { version = "3" }));
        Assert.Equal(400, await notifier.PostAsync(new StringContent("{", Encoding.UTF8, "application/json")));
        Assert.Equal(413, await notifier.PostAsync(new StringContent(new(' ', 2 << 20), Encoding.UTF8, "application/json")));

        Assert.Equal(200, await notifier.PostAsync(Group("Down", "page")));
        Assert.Equal(200, await notifier.PostAsync(Group("Down", "page")));
        Assert.Equal(200, await notifier.PostAsync(Group("Down", "page", "resolved")));
        Assert.Equal(200, await notifier.PostAsync(Group("Down", "page", startsAt: "2026-11-27T09:00:00Z")));
        await notifier.WaitForAsync("phone", "sent", 3);

        Assert.Equal(["FIRING Down", "RESOLVED Down", "FIRING Down"], fcm.Titles);
        Assert.Equal("FIRING page Down: Down has happened. docs/runbooks/Down.md", fcm.Bodies.First());
        var first = fcm.Messages.First();
        Assert.Equal("ops", first.GetProperty("topic").GetString());
        Assert.Equal("HIGH", first.GetProperty("android").GetProperty("priority").GetString());
        await notifier.WaitForQueueAsync("phone", 0);
    }

    [Fact]
    public async Task WhatIsNotTaken_IsSentAgain_AndWhatIsRefused_IsSetAside()
    {
        await using var fcm = await FcmStandIn.StartAsync();
        var times = new List<long>();
        fcm.Answer = (attempt, context) =>
        {
            times.Add(TimeProvider.System.GetTimestamp());
            context.Response.Headers.RetryAfter = attempt == 0 ? "2" : default;
            return Task.FromResult(attempt switch { 0 => 429, 1 => 500, 3 => 400, _ => 200 });
        };
        await using var notifier = await StartAsync(redis.ConnectionString, fcm.Receiver("refusing"));

        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = connection.GetDatabase();
        foreach (var name in (string[])["First", "Refused", "Last"])
        {
            Assert.Equal(200, await notifier.PostAsync(Group(name)));
            await Eventually.HoldsAsync(
                async () => await database.StreamLengthAsync("notifier:{refusing}:queue") == 0, $"{name} is done");
        }

        Assert.Equal(["FIRING First", "FIRING Last"], fcm.Titles);
        Assert.True(TimeProvider.System.GetElapsedTime(times[0], times[1]) >= TimeSpan.FromSeconds(1.9), "Retry-After holds.");
        await notifier.WaitForAsync("refusing", "refused", 1);
        var dead = Assert.Single(await database.StreamRangeAsync("notifier:{refusing}:dead"));
        Assert.Equal("FCM answered 400.", dead["reason"]);
    }

    [Fact]
    public async Task SenderThatIsKilled_LosesNothing()
    {
        await using var fcm = await FcmStandIn.StartAsync();
        fcm.Answer = async (_, context) =>
        {
            // Only the end of the connection ends it.
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return StatusCodes.Status503ServiceUnavailable;
        };
        (string, string)[] settings = [.. fcm.Receiver("handed"), ("Lease", "00:00:08")];
        var first = await StartAsync(redis.ConnectionString, settings);
        await using var killed = first;
        Assert.Equal(200, await first.PostAsync(Group("First", "page")));
        await Eventually.HoldsAsync(() => fcm.Attempts > 0, "it is being sent");
        Assert.Equal(200, await first.PostAsync(Group("Second", "page")));
        await using var second = await StartAsync(redis.ConnectionString, settings);
        await first.Process.SignalAsync("KILL");
        fcm.Answer = (_, _) => Task.FromResult(200);

        // Alertmanager doesn't know which replica has it.
        Assert.Equal(200, await second.PostAsync(Group("Second", "page")));
        Assert.Equal(200, await second.PostAsync(Group("Third", "page")));
        await second.WaitForAsync("handed", "sent", 3);

        Assert.Equal(["FIRING First", "FIRING Second", "FIRING Third"], fcm.Titles.Order(StringComparer.Ordinal));
    }
}
