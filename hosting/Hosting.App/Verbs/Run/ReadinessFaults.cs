using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Orchestration;
using MonoRepo.Hosting.Run.Readiness;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Says why not everything is healthy: what failed with its last lines, and what is waited for.</summary>
internal static class ReadinessFaults
{
    public static async Task WriteAsync(
        TextWriter error,
        IReadOnlyList<InstanceReadiness> instances,
        ResourceNotificationService notifications,
        ResourceLoggerService loggers,
        TimeSpan timeout)
    {
        var failed = instances.Where(instance => instance.Progress == Progress.Failed).ToList();
        foreach (var instance in failed)
        {
            var lines = await LogTail.ReadAsync(loggers, instance.Name).ConfigureAwait(false);
            var end = instance.Snapshot!.ExitCode is { } code ? $" with exit code {code}" : "";
            error.WriteLine($"{instance.Name} is {instance.Snapshot.State?.Text}{end}.{(lines.Length > 0 ? " Its last lines:" : "")}{lines}");
        }

        if (failed.Count > 0)
        {
            return;
        }

        foreach (var instance in instances.Where(instance => instance.Progress == Progress.Pending))
        {
            var reasons = string.Join("; ", WaitReasons.Of(instance.Resource, notifications));
            var detail = reasons.Length > 0 ? $" It waits for {reasons}." : WaitReasons.UnhealthyBecause(instance.Snapshot) is { } reason ? $" {reason}." : "";
            error.WriteLine($"{instance.Name} is not healthy after {timeout.TotalSeconds:0} s: {instance.Snapshot?.State?.Text ?? "not started"}.{detail}");
        }
    }
}
