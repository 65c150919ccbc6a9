using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>Work that goes on beside the resources, from before the first one starts until the application stops.</summary>
internal interface IRunTask
{
    Task ExecuteAsync(CancellationToken stopping);
}

internal static partial class RunTaskExtensions
{
    /// <summary>
    /// Adds a task. A hosted service would be too late: the start of Aspire's orchestrator ends when the last resource has
    /// stopped waiting.
    /// </summary>
    public static IDistributedApplicationBuilder AddRunTask<T>(this IDistributedApplicationBuilder builder)
        where T : class, IRunTask
    {
        if (builder.ExecutionContext.IsRunMode && builder.Services.All(s => s.ServiceType != typeof(T)))
        {
            builder.Services.AddSingleton<T>();
            builder.Eventing.Subscribe<BeforeStartEvent>((start, cancellationToken) =>
            {
                _ = ExecuteAsync<T>(start.Services);
                return Task.CompletedTask;
            });
        }

        return builder;
    }

    /// <summary>Prepares each project of a run, before the first resource starts.</summary>
    public static IDistributedApplicationBuilder PrepareProjects(
        this IDistributedApplicationBuilder builder, Action<ProjectResource, DistributedApplicationModel> prepare)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
            {
                foreach (var project in start.Model.Resources.OfType<ProjectResource>())
                {
                    prepare(project, start.Model);
                }

                return Task.CompletedTask;
            });
        }

        return builder;
    }

    private static async Task ExecuteAsync<T>(IServiceProvider services) where T : class, IRunTask
    {
        var logger = services.GetRequiredService<ILogger<T>>();
        try
        {
            var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await services.GetRequiredService<T>().ExecuteAsync(stopping);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            Failed(logger, e, typeof(T).Name);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Task} failed; the resources go on.")]
    private static partial void Failed(ILogger logger, Exception exception, string task);
}
