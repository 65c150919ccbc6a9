using MonoRepo.Deploy.Activity;

namespace MonoRepo.Deploy.Summary;

/// <summary>A commit of the branch.</summary>
/// <param name="At">When it came onto the branch.</param>
internal sealed record MergedCommit(string Hash, DateTimeOffset At, string Subject, IReadOnlyList<string> Files)
{
    /// <summary>
    /// The top folder that it is about: most of its files, where tests and guides count only if there is nothing else.
    /// </summary>
    public string Component => Files.Select(f => f.Contains('/', StringComparison.Ordinal) ? f.Split('/')[0] : "(root)")
        .GroupBy(f => f).OrderBy(g => g.Key is "tests" or "docs" or "(root)").ThenByDescending(g => g.Count()).ThenBy(
            g => g.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key ?? "(root)";
}

/// <summary>A value of a metric.</summary>
/// <param name="Labels">What the value is of, as columns of a table.</param>
internal sealed record MeasuredValue(IReadOnlyList<string> Labels, double Value);

/// <summary>What a summary is made of; the same data make the same text.</summary>
/// <param name="Commits">The commits of that time, newest first.</param>
internal sealed record SummaryData(DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<MergedCommit> Commits)
{
    /// <summary>The environment; null: none was named.</summary>
    public string? Environment { get; init; }

    /// <summary>What was done to it; null: it wasn't asked.</summary>
    public IReadOnlyList<ActivityEntry>? History { get; init; }

    /// <summary>Answers of Prometheus by the metric's name; null: it wasn't asked.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MeasuredValue>>? Metrics { get; init; }

    /// <summary>Why Prometheus wasn't asked, or gave no answer.</summary>
    public string MetricsProblem { get; init; } = "No Prometheus was asked: `--prometheus URL` names one.";
}
