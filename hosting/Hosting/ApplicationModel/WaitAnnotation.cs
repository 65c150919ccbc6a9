namespace Aspire.Hosting.ApplicationModel;

/// <summary>States that a resource waits for another before it starts.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="waitType">What it waits for.</param>
/// <param name="exitCode">Exit code that counts as completed.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The resource that is waited for.</summary>
    public IResource Resource { get; } = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>Exit code that counts as completed.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What happens when the other resource fails; null means the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}

/// <summary>What is waited for.</summary>
public enum WaitType
{
    /// <summary>The other runs and is healthy.</summary>
    WaitUntilHealthy,

    /// <summary>The other has ended.</summary>
    WaitForCompletion,

    /// <summary>The other runs.</summary>
    WaitUntilStarted,
}

/// <summary>What a waiting resource does when the other one fails.</summary>
public enum WaitBehavior
{
    /// <summary>It keeps waiting: somebody may start the other one again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>It fails to start.</summary>
    StopOnResourceUnavailable,
}
