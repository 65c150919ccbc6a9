using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting.Run.Readiness;

/// <summary>Reads the progress of an instance from its state.</summary>
internal static class ProgressOf
{
    public static Progress Instance(IResource resource, CustomResourceSnapshot? snapshot)
    {
        if (resource.Annotations.OfType<DeferredStartAnnotation>().Any())
        {
            return Progress.Idle;
        }

        var state = snapshot?.State?.Text;
        if (state == KnownResourceStates.Running)
        {
            return snapshot!.HealthStatus == HealthStatus.Healthy ? Progress.Ready : Progress.Pending;
        }

        if (state == KnownResourceStates.NotStarted)
        {
            return Progress.Idle;
        }

        if (state is null)
        {
            // What nobody runs and nobody speaks for, such as a group in the dashboard.
            return resource.Annotations.Any(annotation => annotation is InstancesAnnotation or HealthCheckAnnotation) ? Progress.Pending : Progress.Idle;
        }

        if (state == KnownResourceStates.FailedToStart || state == KnownResourceStates.ValueMissing || snapshot!.State!.Style == KnownResourceStateStyles.Error)
        {
            return Progress.Failed;
        }

        return KnownResourceStates.TerminalStates.Contains(state) ? Ended(resource, snapshot) : Progress.Pending;
    }

    private static Progress Ended(IResource resource, CustomResourceSnapshot snapshot) => snapshot.ExitCode switch
    {
        0 => Progress.Ready,
        _ when resource.Annotations.OfType<RestartPolicyAnnotation>().Any() => Progress.Pending,
        _ => Progress.Failed,
    };
}
