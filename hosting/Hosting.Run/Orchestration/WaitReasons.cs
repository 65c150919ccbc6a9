using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Which of the resources that one waits for are not ready, in words.</summary>
internal static class WaitReasons
{
    public static IEnumerable<string> Of(IResource resource, ResourceNotificationService notifications) =>
        from wait in resource.Annotations.OfType<WaitAnnotation>()
        where wait.Resource is not IResourceWithoutLifetime
        from instance in wait.Resource.GetInstanceNames()
        let reason = ReasonOf(wait, instance, notifications)
        where reason is not null
        select $"{instance} ({reason})";

    private static string? ReasonOf(WaitAnnotation wait, string instance, ResourceNotificationService notifications)
    {
        var snapshot = notifications.TryGetCurrentState(instance, out var current) ? current.Snapshot : null;
        var state = snapshot?.State?.Text;
        return wait.WaitType switch
        {
            WaitType.WaitForCompletion when KnownResourceStates.TerminalStates.Contains(state) => null,
            WaitType.WaitForCompletion => $"it is {state ?? "not started"}, not completed",
            _ when state != KnownResourceStates.Running => state ?? "not started",
            WaitType.WaitUntilHealthy when snapshot!.HealthStatus != HealthStatus.Healthy => UnhealthyBecause(snapshot),
            _ => null,
        };
    }

    /// <summary>The health check that keeps a running instance from being healthy, with its own words; null when it does not run.</summary>
    public static string? UnhealthyBecause(CustomResourceSnapshot? snapshot) =>
        snapshot?.State?.Text != KnownResourceStates.Running
            ? null
            : snapshot.HealthReports.FirstOrDefault(report => report.Status != HealthStatus.Healthy) switch
            {
                null => "not ready yet",
                { Status: null } report => $"{report.Name} has not answered yet",
                var report => $"{report.Name} is {report.Status}: {report.Description ?? report.ExceptionText?.Split('\n')[0]}".TrimEnd(':', ' '),
            };
}
