using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

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
