using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class LogTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheLast10000LinesAreKept()
    {
        using var logs = new ResourceLoggerService();
        for (var i = 1; i <= 10_005; i++)
        {
            logs.Append("a", $"line {i}", isError: i % 2 == 0);
        }

        var all = Assert.Single(await ToList(logs.GetAllAsync("a")));
        Assert.Equal(10_000, all.Count);
        Assert.Equal(new LogLine(1, "line 6", true), all[0]);
        Assert.Equal(new LogLine(10_000, "line 10005", false), all[^1]);
    }

    [Fact]
    public async Task WatchersGetThePastThenTheFutureUntilTheEnd()
    {
        using var logs = new ResourceLoggerService();
        logs.Append("a", "1", isError: false);
        var seen = new List<string>();
        await foreach (var batch in logs.WatchAsync("a").WithCancellation(Cancel))
        {
            seen.AddRange(batch.Select(l => $"{l.LineNumber}:{l.Content}"));
            if (seen.Count == 3)
            {
                logs.Complete("a");
            }
            else
            {
                logs.Append("a", $"{seen.Count + 1}", isError: false);
            }
        }

        Assert.Equal(["1:1", "2:2", "3:3"], seen);
    }

    [Fact]
    public async Task LinesOfTheAppHostHaveATimestamp()
    {
        using var logs = new ResourceLoggerService();
        var resource = new ExecutableResource("a", "x", ".");
        resource.Annotations.Add(new InstancesAnnotation(["a-1", "a-2"]));
        logs.GetLogger(resource).LogError("{What} failed", "it");
        foreach (var instance in (string[])["a-1", "a-2"])
        {
            var line = Assert.Single(Assert.Single(await ToList(logs.GetAllAsync(instance))));
            Assert.True(line.IsErrorMessage);
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z it failed$", line.Content);
        }

        Assert.Equal(2, (await ToList(logs.GetAllAsync(resource))).Count);
    }

    [Fact]
    public async Task SubscribersAreAnnounced()
    {
        using var logs = new ResourceLoggerService();
        await using var subscribers = logs.WatchAnySubscribersAsync(Cancel).GetAsyncEnumerator(Cancel);
        var next = subscribers.MoveNextAsync();
        logs.Append("a", "x", isError: false);
        await using (var watch = logs.WatchAsync("a").GetAsyncEnumerator(Cancel))
        {
            await watch.MoveNextAsync();
            Assert.True(await next);
            Assert.Equal(new LogSubscriber("a", true), subscribers.Current);
        }

        Assert.True(await subscribers.MoveNextAsync());
        Assert.Equal(new LogSubscriber("a", false), subscribers.Current);
    }

    private static async Task<List<IReadOnlyList<LogLine>>> ToList(IAsyncEnumerable<IReadOnlyList<LogLine>> batches)
    {
        var list = new List<IReadOnlyList<LogLine>>();
        await foreach (var batch in batches)
        {
            list.Add(batch);
        }

        return list;
    }
}
