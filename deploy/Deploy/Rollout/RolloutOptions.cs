namespace MonoRepo.Deploy.Rollout;

/// <summary>How long to wait.</summary>
public sealed record RolloutOptions
{
    /// <summary>For everything together; 5 minutes by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long something may need a person before the wait fails: an image that cannot be pulled, a crash loop, a full quota. 30 s by
    /// default, enough for a registry's hiccup and for old pods to make room.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks at the cluster; 1 s by default, and never less than a look takes.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
