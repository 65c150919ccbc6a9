using MathNet.Numerics.Distributions;
using MonoRepo.Deploy.Canary;

namespace MonoRepo.Tests.Deploy;

public sealed class CanaryJudgeTests
{
    // R, ?wilcox.test, "Two-sample test" (Hollander & Wolfe 1973, 69f.): W = 35, p-value = 0.1272.
    [Fact]
    public void MannWhitney_SmallWithoutTies_IsExactAsInR()
    {
        var test = MannWhitney.Test(
            [1.15, 0.88, 0.90, 0.74, 1.21], [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], WorseWhen.Higher);
        Assert.Equal((35, 0.1272, 0.4), (test.U, Math.Round(test.P, 4), Math.Round(test.Effect, 10)));
    }

    // SciPy, scipy.stats.mannwhitneyu, "Examples": U1 = 17, p = 0.1111111111111111.
    [Theory]
    [InlineData("Different", 0.1111111111111111)]
    [InlineData("Higher", 0.05555555555555555)]
    public void MannWhitney_ExampleOfSciPy_IsTheSame(string worse, double p)
    {
        var test = MannWhitney.Test([20, 11, 17, 12], [19, 22, 16, 29, 24], Enum.Parse<WorseWhen>(worse));
        Assert.Equal(17, test.U);
        Assert.Equal(p, test.P, 1e-12);
    }

    // R, ?wilcox.test, wilcox.test(Ozone ~ Month, data = airquality, subset = Month %in% c(5, 8)): W = 127.5, p-value =
    // 0.0001208.
    [Fact]
    public void MannWhitney_Ties_AreCorrectedAsInR()
    {
        double[] may = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37];
        double[] august =
            [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85];
        var test = MannWhitney.Test(august, may, WorseWhen.Different);
        Assert.Equal((127.5, 0.0001208), (test.U, Math.Round(test.P, 7)));
        Assert.Equal(test.P / 2, MannWhitney.Test(august, may, WorseWhen.Lower).P, 1e-12);
        Assert.True(MannWhitney.Test(august, may, WorseWhen.Higher).P > 0.999);
    }

    [Fact]
    public void MannWhitney_AllTheSame_IsNoDifference()
    {
        var test = MannWhitney.Test(new double[30], new double[30], WorseWhen.Higher);
        Assert.Equal((450, 1, 0), (test.U, test.P, test.Effect));
    }

    [Theory]
    [InlineData("Higher")]
    [InlineData("Lower")]
    [InlineData("Different")]
    public void Look_EqualPairs_RefusesOneInTwenty(string worse)
    {
        var random = new Random(1);
        var judge = new CanaryJudge(looks: 1);
        var direction = Enum.Parse<WorseWhen>(worse);
        var refused = Enumerable.Range(0, 1000).Count(_ => IsRefused(judge.Look([Pair(random, 60, 1, direction)], isLast: true)));
        Assert.InRange(refused, 30, 70);
    }

    // Three metrics at ten looks: were each compared at 5 %, about every third pair would be refused.
    [Fact]
    public void Look_EveryMinuteAtSeveralMetrics_RefusesAtMostOneEqualPairInTwenty()
    {
        var random = new Random(2);
        int refused = 0, naive = 0;
        for (var pair = 0; pair < 1000; pair++)
        {
            var metrics = Enumerable.Range(0, 3).Select(_ => Pair(random, 100, 1, WorseWhen.Higher)).ToList();
            var judge = new CanaryJudge(looks: 10);
            var looks = Enumerable.Range(1, 10).Select(look => metrics.Select(m => First(m, 10 * look)).ToList()).ToList();
            refused += looks.Index().Any(l => IsRefused(judge.Look(l.Item, isLast: l.Index == 9))) ? 1 : 0;
            naive += looks.Any(l => l.Any(m => MannWhitney.Test(m.Baseline, m.Canary, m.Worse).P <= 0.05)) ? 1 : 0;
        }

        Assert.InRange(refused, 15, 65);
        Assert.True(naive > 250, $"{naive}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Look_ShiftOfTwentyPercent_IsFound(int looks)
    {
        var random = new Random(3);
        var judge = new CanaryJudge(looks);
        var found = Enumerable.Range(
            0, 1000).Count(_ => IsRefused(judge.Look([Pair(random, 200, 1.2, WorseWhen.Higher)], isLast: true)));
        Assert.True(found > 950, $"{found}");
    }

    [Fact]
    public void Look_ClearDifference_IsFoundEarly()
    {
        var metrics = new[] { First(Pair(new Random(4), 100, 3, WorseWhen.Higher), 20) };
        Assert.True(IsRefused(new CanaryJudge(looks: 10).Look(metrics, isLast: false)));
    }

    [Fact]
    public void Look_TooLittle_IsInconclusive()
    {
        var random = new Random(5);
        var judge = new CanaryJudge(looks: 1);
        var little = Pair(random, 9, 5, WorseWhen.Higher);
        var equal = new CanarySamples("cpu", WorseWhen.Higher, false, new double[20], new double[20]);
        Assert.Equal(Verdict.Inconclusive, CanaryJudge.Overall(judge.Look([little, equal], isLast: true)));
        Assert.Equal(Verdict.Pass, CanaryJudge.Overall(judge.Look([little with { IsRequired = false }, equal], isLast: true)));
        Assert.Equal(Verdict.Inconclusive, CanaryJudge.Overall(judge.Look([little with { IsRequired = false }], isLast: true)));
        Assert.Equal(Verdict.Inconclusive, CanaryJudge.Overall([]));
    }

    private static bool IsRefused(IReadOnlyList<MetricVerdict> verdicts) => CanaryJudge.Overall(verdicts) == Verdict.Fail;

    private static CanarySamples First(CanarySamples samples, int count) =>
        samples with { Baseline = [.. samples.Baseline.Take(count)], Canary = [.. samples.Canary.Take(count)] };

    // Latencies have a long tail: log-normal, the 99th percentile is two and a half times the median.
    private static CanarySamples Pair(Random random, int count, double shift, WorseWhen worse) => new(
        "latency", worse, true, Values(random, count, 1), Values(random, count, shift));

    private static double[] Values(Random random, int count, double factor) =>
        [.. Enumerable.Range(0, count).Select(_ => 100 * factor * LogNormal.Sample(random, 0, 0.4))];
}
