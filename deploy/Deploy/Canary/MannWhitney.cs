using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace MonoRepo.Deploy.Canary;

/// <summary>Which values of a metric are worse than others.</summary>
internal enum WorseWhen
{
    /// <summary>More is worse, as with latencies.</summary>
    Higher,

    /// <summary>Less is worse, as with throughput.</summary>
    Lower,

    /// <summary>Any difference is.</summary>
    Different,
}

/// <summary>
/// The Mann-Whitney U test of two independent samples, as R's <c>wilcox.test</c> computes it: exact where both samples are small
/// and no value occurs twice, else the normal approximation with corrections for ties and for continuity.
/// </summary>
/// <param name="U">How many pairs the second sample wins; a tie counts half.</param>
/// <param name="P">How likely values at least this much worse are where both samples come from one distribution.</param>
/// <param name="Effect">Rank-biserial correlation, 2·A12 - 1: from -1 (the second is lower in each pair) to 1 (it is higher in
/// each).</param>
internal sealed record MannWhitney(double U, double P, double Effect)
{
    private const int ExactSize = 25;

    private static readonly ConcurrentDictionary<(int M, int N), double[]> s_exact = [];

    /// <summary>Tests whether <paramref name="second"/> is worse than <paramref name="first"/>; neither may be empty.</summary>
    public static MannWhitney Test(IReadOnlyList<double> first, IReadOnlyList<double> second, WorseWhen worse)
    {
        double m = first.Count, n = second.Count, all = m + n;
        double[] values = [.. first, .. second];
        var isSecond = Enumerable.Range(0, values.Length).Select(i => i >= first.Count).ToArray();
        Array.Sort(values, isSecond);
        double ranks = 0, ties = 0;
        for (var (start, end) = (0, 0); start < values.Length; start = end)
        {
            var own = 0;
            while (end < values.Length && values[end] == values[start])
            {
                own += isSecond[end++] ? 1 : 0;
            }

            double count = end - start;
            ranks += own * (start + ((count + 1) / 2));
            ties += (count * count * count) - count;
        }

        var u = ranks - (n * (n + 1) / 2);
        var isExact = ties == 0 && first.Count <= ExactSize && second.Count <= ExactSize;
        var deviation = Math.Sqrt(m * n / 12 * (all + 1 - (ties / (all * (all - 1)))));
        Func<double, double> atLeast = isExact
            ? x => s_exact.GetOrAdd((first.Count, second.Count), size => Exact(size.M, size.N))[(int)x]
            : x => deviation > 0 ? Normal.CDF(0, 1, -(x - (m * n / 2) - 0.5) / deviation) : 1;
        var p = worse switch
        {
            WorseWhen.Higher => atLeast(u),
            WorseWhen.Lower => atLeast((m * n) - u),
            _ => Math.Min(1, 2 * atLeast(Math.Max(u, (m * n) - u))),
        };
        return new(u, p, (2 * u / (m * n)) - 1);
    }

    // For each U, the probability of at least that. ways[k][s]: choices of k among the ranks so far whose sum is s, less the
    // least sum that k ranks can have.
    private static double[] Exact(int m, int n)
    {
        var ways = Enumerable.Range(0, n + 1).Select(_ => new double[(m * n) + 1]).ToArray();
        ways[0][0] = 1;
        for (var rank = 1; rank <= m + n; rank++)
        {
            for (var k = Math.Min(rank, n); k > 0; k--)
            {
                for (var s = rank - k; s <= m * n; s++)
                {
                    ways[k][s] += ways[k - 1][s - (rank - k)];
                }
            }
        }

        var all = ways[n].Sum();
        return [.. Enumerable.Range(0, (m * n) + 1).Select(u => ways[n].Skip(u).Sum() / all)];
    }
}
