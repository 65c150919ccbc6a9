namespace MonoRepo.Deploy.Rollout;

/// <summary>How far a workload or volume is.</summary>
/// <param name="Reason">Why it is not ready, or what it is; in a few words.</param>
internal sealed record ResourceProgress(string Kind, string Name, RolloutState State, string Reason)
{
    /// <summary>The resource of the graph that it belongs to.</summary>
    public string Resource { get; init; } = Name;

    /// <summary>Pods that there should be; null where it is not about pods.</summary>
    public long? Wanted { get; init; }

    /// <summary>Pods of the present version that are ready.</summary>
    public long? Ready { get; init; }

    /// <summary>Its pods, those of the present version first.</summary>
    public IReadOnlyList<PodProgress> Pods { get; init; } = [];

    /// <summary>What it calls and what is not ready either: it may well be waiting for that.</summary>
    public IReadOnlyList<string> WaitsFor { get; init; } = [];

    /// <summary>Whether it seldom heals without somebody doing something.</summary>
    public bool RequiresIntervention { get; init; }

    /// <summary>Whether nothing is to be waited for.</summary>
    public bool IsReady => State == RolloutState.Ready;
}
