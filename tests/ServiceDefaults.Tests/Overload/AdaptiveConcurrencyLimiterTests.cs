using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Overload;
using static MonoRepo.ServiceDefaults.Calls.Criticality;

namespace MonoRepo.Tests.Overload;

/// <summary>One call at work, others wait; a fake clock.</summary>
public sealed class AdaptiveConcurrencyLimiterTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly OverloadOptions _options = new() { MinLimit = 1, InitialLimit = 1, MaxLimit = 1, QueueLimit = 3 };
    private readonly AdaptiveConcurrencyLimiter _limiter;

    public AdaptiveConcurrencyLimiterTests() => _limiter = new(_options, _clock, _services.GetRequiredService<IMeterFactory>());

    public async ValueTask DisposeAsync()
    {
        await _limiter.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task MostCriticalGoesFirst()
    {
        var first = await Admit(Critical);
        var (least, middle, most) = (Admit(Sheddable), Admit(Critical), Admit(CriticalPlus));

        first.Dispose();
        Assert.Equal((false, false, true), (least.IsCompleted, middle.IsCompleted, (await most).IsAcquired));
        (await most).Dispose();
        Assert.Equal((false, true), (least.IsCompleted, (await middle).IsAcquired));
        (await middle).Dispose();
        Assert.True((await least).IsAcquired);
    }

    [Theory]
    [InlineData(4000, false)]
    [InlineData(6000, true)]
    public async Task OfTheSameTheOldestGoesFirst_UnderOverloadTheNewest(int milliseconds, bool isNewestFirst)
    {
        var first = await Admit(Critical);
        var oldest = Admit(Critical);
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        var newest = Admit(Critical);

        first.Dispose();

        Assert.True((await (isNewestFirst ? newest : oldest)).IsAcquired);
        Assert.False((isNewestFirst ? oldest : newest).IsCompleted);
    }

    [Fact]
    public async Task FullQueue_RefusesTheOldestOfTheLeastCritical()
    {
        using var first = await Admit(Critical);
        var (critical, oldest, newest) = (Admit(Critical), Admit(SheddablePlus), Admit(SheddablePlus));

        var lesser = await Admit(Sheddable);
        Assert.Equal((false, ShedReason.QueueFull), (lesser.IsAcquired, lesser.Reason));
        Assert.InRange(lesser.RetryAfter, _options.RetryDelay / 2, _options.RetryDelay * 1.5);
        Assert.True(lesser.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        Assert.Equal(lesser.RetryAfter, retryAfter);

        var more = Admit(CriticalPlus);
        Assert.Equal(ShedReason.QueueFull, (await oldest).Reason);
        Assert.Equal((false, false, false), (critical.IsCompleted, newest.IsCompleted, more.IsCompleted));
        Assert.Equal(3, _limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.Equal(2, _limiter.GetStatistics()!.TotalFailedLeases);
    }

    [Fact]
    public async Task WhoeverHasWaitedTooLongIsRefused()
    {
        using var first = await Admit(Critical);
        var waiting = Admit(Critical);
        var shorter = Admit(Critical, timeLeft: TimeSpan.FromMilliseconds(100));

        _clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal((ShedReason.Deadline, false), ((await shorter).Reason, waiting.IsCompleted));
        _clock.Advance(_options.QueueTime);
        Assert.Equal(ShedReason.QueueTime, (await waiting).Reason);
    }

    [Fact]
    public async Task DeadlineThatCannotBeMet_IsRefusedAtOnce()
    {
        var method = new MethodDuration();
        for (var i = 0; i < 30; i++)
        {
            var call = await Admit(Critical, method: method);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            call.Release(isSample: true);
        }

        // A call takes 100 ms. Nothing waits, so that even a short deadline is let in: it may be lucky.
        var first = await Admit(Critical, TimeSpan.FromMilliseconds(50), method);
        Assert.True(first.IsAcquired);

        var alone = Admit(Critical, TimeSpan.FromMilliseconds(50), method);
        Assert.Equal(ShedReason.Deadline, (await alone).Reason);
        var next = Admit(Critical, TimeSpan.FromMilliseconds(150), method);
        var afterIt = Admit(Sheddable, TimeSpan.FromMilliseconds(150), method);
        Assert.Equal((false, ShedReason.Deadline), (next.IsCompleted, (await afterIt).Reason));
        first.Dispose();
        Assert.True((await next).IsAcquired);
    }

    [Fact]
    public async Task CallerWhoLeaves_LeavesTheQueue()
    {
        var first = await Admit(Critical);
        using var leaves = new CancellationTokenSource();
        var left = _limiter.AdmitAsync(new(Critical, TimeSpan.MaxValue, null), leaves.Token).AsTask();
        var next = Admit(Critical);

        await leaves.CancelAsync();
        Assert.Equal((false, ShedReason.Cancelled), ((await left).IsAcquired, (await left).Reason));
        first.Dispose();
        first.Dispose();
        Assert.True((await next).IsAcquired);
        Assert.Equal(0, _limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.Equal(0, _limiter.GetStatistics()!.CurrentAvailablePermits);
    }

    [Fact]
    public async Task AsAnyRateLimiter_LetsInAndRefuses()
    {
        RateLimiter limiter = _limiter;
        using var first = await limiter.AcquireAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var second = limiter.AttemptAcquire();

        Assert.Equal((true, false), (first.IsAcquired, second.IsAcquired));
    }

    private Task<CallLease> Admit(Criticality criticality, TimeSpan? timeLeft = null, MethodDuration? method = null) =>
        _limiter.AdmitAsync(
            new(criticality, timeLeft ?? TimeSpan.MaxValue, method), TestContext.Current.CancellationToken).AsTask();
}
