using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Run.Readiness;

/// <summary>Where an instance is on its way to being of use.</summary>
internal enum Progress
{
    /// <summary>Not yet.</summary>
    Pending,

    /// <summary>Healthy, or a job that is done.</summary>
    Ready,

    /// <summary>It will not get there by itself.</summary>
    Failed,

    /// <summary>Nobody expects it to start now.</summary>
    Idle,
}

/// <summary>One instance when the wait ended.</summary>
/// <param name="ReadyAfter">Since the process of the AppHost was started; null when it never was.</param>
internal sealed record InstanceReadiness(IResource Resource, string Name, CustomResourceSnapshot? Snapshot, Progress Progress, TimeSpan? ReadyAfter);
