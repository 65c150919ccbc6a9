using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Schedules in a run on this machine.</summary>
internal static class ScheduledRunsExtensions
{
    /// <summary>
    /// Runs <see cref="ScheduledTaskExtensions.AddScheduledTask{TProject}">scheduled tasks</see>, and all else that has both a
    /// schedule and <c>WithExplicitStart</c>, when they are due.
    /// </summary>
    public static IDistributedApplicationBuilder AddScheduledRuns(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddRunTask<ScheduledRuns>();
    }
}
