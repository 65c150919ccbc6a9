namespace MonoRepo.Deploy.Rollout;

/// <summary>
/// Whether to go on waiting. What the cluster gave up on ends it at once; what requires intervention ends it when it has stood
/// still for long enough, unless something that it calls isn't ready either.
/// </summary>
/// <param name="Outcome">How it ended; null: it goes on.</param>
/// <param name="Since">Since when resources need somebody, by kind and name.</param>
internal sealed record RolloutJudgement(RolloutOutcome? Outcome, IReadOnlyDictionary<string, DateTimeOffset> Since)
{
    /// <summary>Nothing seen yet.</summary>
    public static readonly RolloutJudgement Start = new(null, new Dictionary<string, DateTimeOffset>());

    /// <summary>The judgement after another look.</summary>
    public RolloutJudgement After(RolloutTree tree, DateTimeOffset now, TimeSpan interventionTimeout)
    {
        var since = tree.Resources.Where(r => r is { IsReady: false, RequiresIntervention: true, WaitsFor.Count: 0 })
            .Select(r => $"{r.Kind}/{r.Name}")
            .ToDictionary(k => k, k => Since.GetValueOrDefault(k, now));
        return new(Judge(tree, since.Values, now - interventionTimeout), since);
    }

    private static RolloutOutcome? Judge(RolloutTree tree, IEnumerable<DateTimeOffset> needing, DateTimeOffset earliest)
    {
        if (tree.IsReady)
        {
            return RolloutOutcome.Ready;
        }

        return tree.Resources.Any(r => r.State == RolloutState.Failed) || needing.Any(n => n <= earliest)
            ? RolloutOutcome.Failed
            : null;
    }
}
