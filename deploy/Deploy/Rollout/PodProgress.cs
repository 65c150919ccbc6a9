using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Rollout;

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
