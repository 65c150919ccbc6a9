using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Which log, and how much of it.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container; null: the pod's default one.</param>
public sealed record KubectlLogs(string Pod, string? Container = null)
{
    /// <summary>Goes on until the container ends.</summary>
    public bool Follow { get; init; }

    /// <summary>Of the container before its last restart.</summary>
    public bool Previous { get; init; }

    /// <summary>Lines from the end; null: all.</summary>
    public int? Tail { get; init; }

    /// <summary>What was written since; null: all.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>Every line starts with its time.</summary>
    public bool Timestamps { get; init; }
}
