using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>What waiting came to.</summary>
/// <param name="Failure">Where to look first; null when everything works.</param>
internal sealed record RolloutResult(RolloutOutcome Outcome, RolloutTree Tree, TimeSpan Elapsed, RolloutFailure? Failure)
{
    /// <summary>Whether everything works.</summary>
    public bool IsReady => Outcome == RolloutOutcome.Ready;
}

/// <summary>What is known about the first resource that does not work.</summary>
/// <param name="Pod">Its first pod that is not ready; null: it has none.</param>
/// <param name="Events">Last events of the pod, or of the resource, oldest first.</param>
/// <param name="Log">Last lines that the container wrote before it crashed, or until now.</param>
internal sealed record RolloutFailure(
    ResourceProgress Resource, PodProgress? Pod, IReadOnlyList<string> Events, IReadOnlyList<string> Log)
{
    /// <summary>Fields of the resource that others have added.</summary>
    public IReadOnlyList<ForeignField> Additions { get; init; } = [];
}

/// <summary>How waiting ended.</summary>
internal enum RolloutOutcome
{
    /// <summary>Everything works.</summary>
    Ready,

    /// <summary>Something will not work by itself.</summary>
    Failed,

    /// <summary>Something was still on its way when the time was over.</summary>
    TimedOut,
}

/// <summary>How far a resource is.</summary>
internal enum RolloutState
{
    /// <summary>It works as it was last applied.</summary>
    Ready,

    /// <summary>It is on its way.</summary>
    Progressing,

    /// <summary>The cluster has given up on it.</summary>
    Failed,

    /// <summary>Nobody can tell: its operator hasn't looked at it, or it may not be looked at. It isn't waited for.</summary>
    Unknown,
}

/// <summary>What is waited for, and how far it is: resources that others call come first.</summary>
internal sealed record RolloutTree(IReadOnlyList<ResourceProgress> Resources)
{
    /// <summary>Whether everything works, as far as it can be told.</summary>
    public bool IsReady => Resources.All(r => r.State is RolloutState.Ready or RolloutState.Unknown);

    /// <summary>
    /// The resource to look at first: one that failed, else one that needs somebody, else one that waits for no other.
    /// </summary>
    public ResourceProgress? FirstFailing =>
        Resources.Where(r => r.State is RolloutState.Progressing or RolloutState.Failed)
        .OrderBy(r => (r.State != RolloutState.Failed, r.WaitsFor.Count > 0, !r.RequiresIntervention)).FirstOrDefault();
}

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

/// <summary>How far a pod is.</summary>
/// <param name="IsReady">Whether it works, or has done its work.</param>
/// <param name="Reason">Why it is not ready; else what it is: <c>ready</c>, <c>done</c>.</param>
internal sealed record PodProgress(string Name, bool IsReady, string Reason)
{
    /// <summary>The container that it is about; null: the pod as a whole.</summary>
    public string? Container { get; init; }

    /// <summary>Restarts of all its containers.</summary>
    public long Restarts { get; init; }

    /// <summary>Where it runs, <c>node 10.42.0.7</c>; empty: nowhere yet.</summary>
    public string Place { get; init; } = "";

    /// <summary>Whether it seldom heals without somebody doing something: an image that does not exist, a crash loop.</summary>
    public bool RequiresIntervention { get; init; }

    /// <summary>Whether the container has crashed, so that the lines of interest are those of its previous run.</summary>
    public bool HasCrashed { get; init; }

    /// <summary>Whether it is of an earlier version and will go.</summary>
    public bool IsOld { get; init; }
}

/// <summary>How long to wait.</summary>
internal sealed record RolloutOptions
{
    /// <summary>For everything together; 5 minutes by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long something may require intervention before the wait fails: an image that can't be pulled, a crash loop, a full
    /// quota. 30 s by default, enough for a registry's hiccup and for old pods to make room.
    /// </summary>
    public TimeSpan InterventionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Objects of all kinds that are waited for, as they were a moment ago, where nothing was changed since: what works already
    /// then isn't read again. Null: nothing was read.
    /// </summary>
    public IReadOnlyList<YamlMap>? Seen { get; init; }

    /// <summary>The longest time between two looks at what the watches brought, so that clocks go on; 1 s by default.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
