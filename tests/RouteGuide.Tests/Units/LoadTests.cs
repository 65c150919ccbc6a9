extern alias client;
using client::MonoRepo.RouteGuide.Client.Load;
using MonoRepo.LoadTesting;

namespace MonoRepo.Tests;

public sealed class LoadTests
{
    [Fact]
    public void PercentilesAreExactToLessThanOnePercent()
    {
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= 100_000; i++)
        {
            histogram.Record(TimeSpan.FromMicroseconds(i * 10));
        }

        foreach (var share in (double[])[0.5, 0.9, 0.99, 0.999])
        {
            Assert.Equal(1, histogram.Percentile(share).TotalMicroseconds / (share * 1_000_000), tolerance: 0.008);
        }
    }

    [Fact]
    public void TheEndsOfTheScaleAreCounted()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.Zero);
        histogram.Record(TimeSpan.FromDays(100));

        Assert.Equal(2, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(0.5));
        Assert.True(histogram.Percentile(1) > TimeSpan.FromMinutes(30));
        Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(0.5));
    }

    [Fact]
    public void HistogramsAddUp()
    {
        var (one, other) = (new LatencyHistogram(), new LatencyHistogram());
        one.Record(TimeSpan.FromMilliseconds(1));
        other.Record(TimeSpan.FromMilliseconds(100));
        one.Add(other);

        Assert.Equal(2, one.Count);
        Assert.Equal(100, one.Percentile(1).TotalMilliseconds, tolerance: 1);
    }

    [Fact]
    public void AMixPicksByWeight()
    {
        Assert.Null(LoadMix<LoadMethod>.Parse("get=3, LIST=1", out var mix));

        var random = new Random(1);
        var picks = Enumerable.Range(0, 4000).Select(_ => mix!.Next(random)).ToList();
        Assert.Equal(3000, picks.Count(pick => pick == LoadMethod.Get), tolerance: 150);
        Assert.Equal(4000, picks.Count(pick => pick is LoadMethod.Get or LoadMethod.List));
    }

    [Theory]
    [InlineData("")]
    [InlineData("get")]
    [InlineData("get=0")]
    [InlineData("put=1")]
    [InlineData("1=1")]
    public void ABadMixSaysWhatIsWrong(string text)
    {
        Assert.NotNull(LoadMix<LoadMethod>.Parse(text, out var mix));
        Assert.Null(mix);
    }
}
