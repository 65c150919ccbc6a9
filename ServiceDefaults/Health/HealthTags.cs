namespace MonoRepo.ServiceDefaults.Health;

/// <summary>Tags of health checks.</summary>
public static class HealthTags
{
    /// <summary>The check tells whether the process itself works; one that looks at a dependency never carries it.</summary>
    public const string Live = "live";
}
