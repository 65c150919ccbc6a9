using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>What makes a run on this machine pleasant, each on an official extension point of Aspire. See README.md.</summary>
public static class RunDefaultsExtensions
{
    /// <summary>
    /// Adds all of them: built programs instead of <c>dotnet run</c>, addresses of every replica, external ports, service tokens,
    /// links to rpcz, prompt health checks, a dashboard on loopback, crash reports and restart policies, port checks, reasons of
    /// waits, deferred starts, schedules, a prompt end, a quiet console.
    /// </summary>
    public static IDistributedApplicationBuilder AddRunDefaults(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddQuietConsole()
            .AddLoopbackDashboard()
            .AddDcpCertificate()
            .AddBuiltPrograms()
            .AddReplicaAddresses()
            .AddExternalPorts()
            .AddServiceAccess()
            .AddRpczLinks()
            .AddPromptHealthChecks()
            .AddRunTask<CrashWatcher>()
            .AddPortChecks()
            .AddRunTask<WaitReasons>()
            .AddDeferredStarts()
            .AddRunTask<ScheduledRuns>()
            .AddPromptShutdown();
    }
}
