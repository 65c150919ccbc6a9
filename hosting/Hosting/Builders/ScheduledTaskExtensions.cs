using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Methods of projects that run on a schedule.</summary>
public static class ScheduledTaskExtensions
{
    /// <summary>
    /// Adds the method of a project that has the attribute <c>[ScheduledTask(name)]</c>; the project's <c>Program.cs</c> ends
    /// with <c>return await app.RunTaskOrServeAsync()</c>. In a cluster it is a CronJob with the image of the project's service.
    /// Locally it runs on its schedule, and when it is started in the dashboard.
    /// </summary>
    /// <typeparam name="TProject">The project.</typeparam>
    /// <param name="builder">The graph.</param>
    /// <param name="name">Name of the task and of its resource.</param>
    /// <param name="cron">Five fields: minute, hour, day of month, month, day of week.</param>
    /// <param name="timeZone">IANA name.</param>
    /// <param name="concurrency">What happens when the last run still goes on; locally, the new one is always skipped.</param>
    public static IResourceBuilder<ProjectResource> AddScheduledTask<TProject>(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string cron,
        string timeZone = "Etc/UTC",
        ConcurrencyPolicy concurrency = ConcurrencyPolicy.Forbid)
        where TProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        var task = builder.AddProject<TProject>(
            name, options => (options.ExcludeLaunchProfile, options.ExcludeKestrelEndpoints) = (true, true))
            .WithArgs("--scheduled-task", name)
            .PublishAsCronJob(cron, timeZone, concurrency)
            .WithExplicitStart();
        foreach (var endpoint in task.Resource.Annotations.OfType<EndpointAnnotation>().ToList())
        {
            // It doesn't listen.
            task.Resource.Annotations.Remove(endpoint);
        }

        return task;
    }
}
