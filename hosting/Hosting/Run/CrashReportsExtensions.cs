using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Telling about crashes.</summary>
internal static class CrashReportsExtensions
{
    /// <summary>
    /// Says on the console what has ended by itself, with its exit code and last lines, and restarts it where
    /// <see cref="RestartPolicyExtensions.WithRestartPolicy{T}"/> says so.
    /// </summary>
    public static IDistributedApplicationBuilder AddCrashReports(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddRunTask<CrashWatcher>();
    }
}
