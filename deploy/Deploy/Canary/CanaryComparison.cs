namespace MonoRepo.Deploy.Canary;

/// <summary>The end of a comparison.</summary>
/// <param name="Verdict">What all metrics say together.</param>
/// <param name="Looks">How many looks were planned.</param>
internal sealed record CanaryResult(Verdict Verdict, int Look, int Looks, IReadOnlyList<MetricVerdict> Metrics);

/// <summary>Looks at a candidate and its baseline again and again, until it is worse or the time is over.</summary>
/// <param name="read">Reads what was measured from the first time until the second.</param>
/// <param name="report">Called with a line about every look.</param>
internal sealed class CanaryComparison(
    Func<DateTimeOffset, DateTimeOffset, CancellationToken, Task<IReadOnlyList<CanarySamples>>> read, Action<string> report,
    TimeProvider time)
{
    /// <summary>Compares.</summary>
    /// <param name="every">Time between two looks, and length of the windows.</param>
    public async Task<CanaryResult> RunAsync(TimeSpan duration, TimeSpan every, CancellationToken cancellationToken)
    {
        var looks = (int)Math.Max(1, Math.Floor(duration / every));
        var judge = new CanaryJudge(looks);
        var start = time.GetUtcNow();
        for (var look = 1; ; look++)
        {
            var end = start + (look * every);
            var left = end - time.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
            var isLast = look == looks;
            try
            {
                var metrics = judge.Look(await read(start, end, cancellationToken), isLast);
                var verdict = CanaryJudge.Overall(metrics);
                if (isLast || verdict == Verdict.Fail)
                {
                    return new(verdict, look, looks, metrics);
                }

                report($"look {look} of {looks}: " +
                    $"{(verdict == Verdict.Pass ? "nothing is worse so far" : "too little to compare yet")}");
            }
            catch (DeployException exception) when (!isLast)
            {
                // The values are still there at the next look.
                report($"look {look} of {looks}: {exception.Message}");
            }
        }
    }
}
