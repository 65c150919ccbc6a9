namespace MonoRepo.Deploy.Canary;

/// <summary>What a comparison says about a candidate.</summary>
internal enum Verdict
{
    /// <summary>There was enough to look at, and nothing was worse.</summary>
    Pass,

    /// <summary>It is worse.</summary>
    Fail,

    /// <summary>There was too little to look at.</summary>
    Inconclusive,
}

/// <summary>What was measured of a metric.</summary>
/// <param name="IsRequired">Whether no verdict is possible without it.</param>
/// <param name="Baseline">Values of what runs already.</param>
internal sealed record CanarySamples(
    string Metric, WorseWhen Worse, bool IsRequired, IReadOnlyList<double> Baseline, IReadOnlyList<double> Canary);

/// <summary>The verdict about a metric.</summary>
/// <param name="Effect">The rank-biserial correlation; null: there was too little to compare.</param>
/// <param name="P">The probability after Holm's correction; null: there was too little to compare.</param>
internal sealed record MetricVerdict(CanarySamples Samples, Verdict Verdict, double? Effect, double? P);

/// <summary>
/// Compares a candidate with its baseline, metric by metric, as often as somebody looks.
/// </summary>
/// <remarks>
/// <para>Looking early is allowed since each look has its own level and all levels together are the whole one (Haybittle 1971,
/// Peto et al. 1976; here by the union bound, so it holds whatever the looks have in common): a fifth of it is shared by the
/// early looks, the rest is the last one's. The price is that the last look's level is 4 % where it would be 5 %, and that only
/// clear differences end a comparison early.</para>
/// <para>Within a look Holm's step-down correction (1979) keeps the chance of a false alarm in any of the metrics at the look's
/// level.</para>
/// </remarks>
/// <param name="looks">How many looks are planned.</param>
/// <param name="level">Chance that an equal candidate is refused by any look.</param>
/// <param name="minimum">Values that each side must have.</param>
internal sealed class CanaryJudge(int looks, double level = 0.05, int minimum = CanaryJudge.DefaultMinimum)
{
    /// <summary>Values that each side must have.</summary>
    public const int DefaultMinimum = 10;

    private const double EarlyShare = 0.2;

    /// <summary>The level of an early look, and that of the last one.</summary>
    public double LevelOf(bool isLast) => looks <= 1
        ? level
        : isLast ? level * (1 - EarlyShare) : level * EarlyShare / (looks - 1);

    /// <summary>Looks once.</summary>
    public IReadOnlyList<MetricVerdict> Look(IReadOnlyList<CanarySamples> metrics, bool isLast)
    {
        var compared = metrics.Where(m => m.Baseline.Count >= minimum && m.Canary.Count >= minimum)
            .Select(m => (Samples: m, Test: MannWhitney.Test(m.Baseline, m.Canary, m.Worse))).OrderBy(m => m.Test.P).ToList();
        var verdicts = new Dictionary<CanarySamples, MetricVerdict>(ReferenceEqualityComparer.Instance);
        double adjusted = 0;
        for (var i = 0; i < compared.Count; i++)
        {
            var (samples, test) = compared[i];
            adjusted = Math.Max(adjusted, Math.Min(1, test.P * (compared.Count - i)));
            verdicts[samples] = new(samples, adjusted <= LevelOf(isLast) ? Verdict.Fail : Verdict.Pass, test.Effect, adjusted);
        }

        return [.. metrics.Select(m => verdicts.GetValueOrDefault(m) ?? new(m, Verdict.Inconclusive, null, null))];
    }

    /// <summary>What the metrics say together.</summary>
    public static Verdict Overall(IReadOnlyList<MetricVerdict> metrics) =>
        metrics.Any(m => m.Verdict == Verdict.Fail) ? Verdict.Fail
        : metrics.Any(m => m.Verdict == Verdict.Inconclusive && m.Samples.IsRequired)
        || metrics.All(m => m.Verdict == Verdict.Inconclusive)
            ? Verdict.Inconclusive
        : Verdict.Pass;
}
