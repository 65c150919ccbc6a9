using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Puts the dashboard into the graph, first of all, and says where it is once it answers.</summary>
internal sealed partial class DashboardLauncher(
    DashboardOptions options,
    IConfiguration configuration,
    ResourceServiceHost feed,
    DashboardAnnouncement announcement,
    DashboardLogs logs,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<DistributedApplication> logger) : IDistributedApplicationEventingSubscriber
{
    /// <summary>The dashboard answers after 0.9 s on a quiet machine with two processors; everything else waits no longer than this.</summary>
    private static readonly TimeSpan _headStart = TimeSpan.FromSeconds(1.5);
    private readonly TaskCompletionSource _othersMayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc />
    public Task SubscribeAsync(IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        eventing.Subscribe<BeforeStartEvent>((started, _) => Add(started.Model, eventing));
        return Task.CompletedTask;
    }

    private Task Add(DistributedApplicationModel model, IDistributedApplicationEventing eventing)
    {
        if (options.ProgramPath is { } program && File.Exists(program))
        {
            var dashboard = DashboardResource.Create(options, program);
            dashboard.Annotations.Add(new EnvironmentCallbackAnnotation(SetEnvironmentAsync));
            model.Resources.Insert(0, dashboard);
            eventing.Subscribe<BeforeResourceStartedEvent>((starting, token) => starting.Resource == dashboard ? Watch(dashboard) : LetItAnswerFirstAsync(token));
        }
        else
        {
            ProgramIsMissing(logger, options.ProgramPath);
        }

        return Task.CompletedTask;
    }

    /// <summary>What starts beside the dashboard would hold it up: on two processors people see their link a second earlier this way.</summary>
    private Task LetItAnswerFirstAsync(CancellationToken cancellationToken) => _othersMayStart.Task.WaitAsync(cancellationToken);

    private Task Watch(ExecutableResource dashboard)
    {
        _ = HeadStartAsync(announcement.AnnounceAsync(dashboard, lifetime.ApplicationStopping));
        _ = logs.RelayAsync(dashboard, lifetime.ApplicationStopping);
        return Task.CompletedTask;
    }

    private async Task HeadStartAsync(Task announced)
    {
        await Task.WhenAny(announced, Task.Delay(_headStart, clock)).ConfigureAwait(false);
        _othersMayStart.TrySetResult();
    }

    private async Task SetEnvironmentAsync(EnvironmentCallbackContext context)
    {
        var url = await feed.GetUrlAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var (name, value) in DashboardEnvironment.Of(options, configuration, (IResourceWithEndpoints)context.Resource, url))
        {
            context.EnvironmentVariables[name] = value;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "There is no dashboard: its program is missing at '{Path}'. Build the AppHost again to fetch it, or set DcpPublisher:DashboardPath. Everything else runs.")]
    private static partial void ProgramIsMissing(ILogger logger, string? path);
}
