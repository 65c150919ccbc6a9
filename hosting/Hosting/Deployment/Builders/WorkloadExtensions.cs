using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>What kind of workload a resource becomes in a cluster.</summary>
public static class WorkloadExtensions
{
    /// <summary>Members keep their names and volumes: a StatefulSet.</summary>
    public static IResourceBuilder<T> WithStableIdentity<T>(
        this IResourceBuilder<T> builder, bool publishNotReady = true, bool parallel = true)
        where T : IResource =>
        builder.WithAnnotation(
            new StableIdentityAnnotation(publishNotReady, parallel), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Runs once to its end: a Job, named by its content.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="backoffLimit">Retries before it counts as failed.</param>
    /// <param name="timeToLive">How long the finished Job stays; a day by default.</param>
    public static IResourceBuilder<T> PublishAsJob<T>(
        this IResourceBuilder<T> builder, int backoffLimit = 3, TimeSpan? timeToLive = null)
        where T : IResource =>
        builder.WithAnnotation(new RunsToCompletionAnnotation(
            backoffLimit, timeToLive ?? TimeSpan.FromDays(1)), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Runs on a schedule: a CronJob.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="cron">Five fields: minute, hour, day of month, month, day of week.</param>
    /// <param name="timeZone">IANA name.</param>
    /// <param name="concurrency">What happens when the last run still goes on.</param>
    public static IResourceBuilder<T> PublishAsCronJob<T>(
        this IResourceBuilder<T> builder, string cron, string timeZone = "Etc/UTC",
        ConcurrencyPolicy concurrency = ConcurrencyPolicy.Forbid)
        where T : IResource =>
        builder.WithAnnotation(
            new ScheduleAnnotation(new(cron, timeZone, concurrency)), ResourceAnnotationMutationBehavior.Replace);
}
