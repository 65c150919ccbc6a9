using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Overload;

namespace MonoRepo.Tests.Overload;

public sealed class GradientLimitTests
{
    private const int Slots = 20;
    private readonly FakeTimeProvider _clock = new();
    private readonly MethodDuration _method = new();

    [Fact]
    public void Overload_ForAnHour_StaysNearWhatTheServerCanDo()
    {
        var limit = new GradientLimit(new(), _clock);

        Run(limit, TimeSpan.FromSeconds(10), offered: 5);
        Run(limit, TimeSpan.FromSeconds(10), offered: int.MaxValue);
        Assert.InRange(limit.Value, Slots, 3 * Slots);
        Run(limit, TimeSpan.FromHours(1), offered: int.MaxValue);
        Assert.InRange(limit.Value, Slots, 3 * Slots);
    }

    [Fact]
    public void Start_UnderOverload_FindsTheSameLimit()
    {
        var limit = new GradientLimit(new(), _clock);

        Run(limit, TimeSpan.FromMinutes(1), offered: int.MaxValue);

        Assert.InRange(limit.Value, Slots, 3 * Slots);
    }

    [Fact]
    public void Slowdown_OfWhatIsCalled_IsLearntOnceLoadFalls()
    {
        var limit = new GradientLimit(new(), _clock);
        Run(limit, TimeSpan.FromSeconds(10), offered: 5);

        Run(limit, TimeSpan.FromMinutes(2), offered: 5, slower: 10);
        Run(limit, TimeSpan.FromMinutes(1), offered: int.MaxValue, slower: 10);

        Assert.InRange(limit.Value, Slots, 3 * Slots);
    }

    [Fact]
    public void SlowMethod_BesideAFastOne_IsNoOverload()
    {
        var options = new OverloadOptions();
        var limit = new GradientLimit(options, _clock);
        var (fast, slow) = (new MethodDuration(), new MethodDuration());
        for (var i = 0; i < 2000; i++)
        {
            // More and more of the calls are slow.
            limit.Add(i % 2000 > i * 7 % 2000
                ? slow
                : fast, TimeSpan.FromMilliseconds(i % 2000 > i * 7 % 2000 ? 100 : 1), limit.Value);
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.True(limit.Value > options.InitialLimit, $"{limit.Value}");
    }

    [Theory]
    [InlineData(10, 100, 1000)]
    [InlineData(0, 10, 60)]
    public void ShortCalls_AreComparedWithTheLeastDuration(int leastMilliseconds, int least, int most)
    {
        var limit = new GradientLimit(new() { MinDuration = TimeSpan.FromMilliseconds(leastMilliseconds) }, _clock);

        // 20 at once take 2 ms: 15 ms are those of 150.
        Run(limit, TimeSpan.FromSeconds(10), offered: 5, slower: 0.1);
        Run(limit, TimeSpan.FromMinutes(1), offered: int.MaxValue, slower: 0.1);

        Assert.InRange(limit.Value, least, most);
    }

    [Fact]
    public void LimitThatIsNotReached_DoesNotGrow()
    {
        var options = new OverloadOptions();
        var limit = new GradientLimit(options, _clock);

        Run(limit, TimeSpan.FromMinutes(1), offered: 5);

        Assert.Equal(options.InitialLimit, limit.Value);
    }

    [Fact]
    public void Options_OutOfRange_AreSaidAllAtOnce()
    {
        var exception =
            Assert.Throws<ConfigurationException>(() => OverloadOptions.From(new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("Overload:MinLimit", "0"), new("Overload:Tolerance", "0.5"), new("Overload:QueueTime", "-00:00:01"),
            ]).Build()));

        Assert.Equal(
            "Overload:MinLimit is 0, but must be at least 1; Overload:Tolerance is 0.5, but must be between 1 and 100; "
            + "Overload:QueueTime is -00:00:01, but must be more than 0 and at most 30.00:00:00", exception.Message);
    }

    /// <summary>A server of some slots that work on a call for 20 ms; calls beyond them wait for one.</summary>
    private void Run(GradientLimit limit, TimeSpan time, int offered, double slower = 1)
    {
        var end = _clock.GetTimestamp() + (long)(time.TotalSeconds * _clock.TimestampFrequency);
        while (_clock.GetTimestamp() < end)
        {
            var inFlight = Math.Min(offered, limit.Value);
            var duration = TimeSpan.FromMilliseconds(20 * slower) * Math.Max(1, inFlight / (double)Slots);
            _clock.Advance(duration);
            for (var i = 0; i < inFlight; i++)
            {
                limit.Add(_method, duration, inFlight);
            }
        }
    }
}
