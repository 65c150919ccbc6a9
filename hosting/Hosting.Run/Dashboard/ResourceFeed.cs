using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dashboard.Wire;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>The service that the dashboard reads the graph from.</summary>
internal sealed class ResourceFeed(
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IConfiguration configuration,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<ResourceFeed> logger) : DashboardService.DashboardServiceBase
{
    /// <summary>The dashboard that this feed is written for; an older one says that it is too old.</summary>
    internal const string MinDashboardVersion = "13.5.0";

    private readonly DateTime _createdAt = clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc />
    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context) =>
        Task.FromResult(new ApplicationInformationResponse
        {
            ApplicationName = NameOf(configuration["AppHost:DashboardApplicationName"] ?? environment.ApplicationName),
            MinDashboardVersion = MinDashboardVersion,
        });

    /// <inheritdoc />
    public override Task WatchResources(WatchResourcesRequest request, IServerStreamWriter<WatchResourcesUpdate> responseStream, ServerCallContext context) =>
        StreamAsync(context, async cancellationToken =>
        {
            var isFirst = true;
            await foreach (var batch in notifications.WatchAsync(cancellationToken).BatchAsync(cancellationToken).ConfigureAwait(false))
            {
                var resources = batch.Select(change => ResourceMessage.From(change, _createdAt));
                await responseStream.WriteAsync(isFirst ? Initial(resources) : Changes(resources), cancellationToken).ConfigureAwait(false);
                isFirst = false;
            }
        });

    /// <inheritdoc />
    public override Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request, IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context) =>
        StreamAsync(context, async cancellationToken =>
        {
            var lines = request.SuppressFollow ? logs.GetAllAsync(request.ResourceName) : logs.WatchAsync(request.ResourceName);
            await foreach (var batch in lines.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (var message in LogBatches.Split(batch))
                {
                    await responseStream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
                }
            }
        });

    /// <inheritdoc />
    public override async Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        try
        {
            return CommandMessage.From(
                await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, context.CancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            FeedLog.CommandFailed(logger, request.CommandName, request.ResourceName, e);
            return new() { Kind = ResourceCommandResponseKind.Failed, Message = e.Message };
        }
    }

    /// <summary>Open and silent: this AppHost asks nobody anything, and a dashboard that is told so would try again and again.</summary>
    public override Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream, IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream, ServerCallContext context) =>
        StreamAsync(context, async cancellationToken =>
        {
            while (await requestStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
            }
        });

    private static WatchResourcesUpdate Initial(IEnumerable<Wire.Resource> resources)
    {
        var data = new InitialResourceData();
        data.Resources.AddRange(resources);
        return new() { InitialData = data };
    }

    private static WatchResourcesUpdate Changes(IEnumerable<Wire.Resource> resources)
    {
        var changes = new WatchResourcesChanges();
        changes.Value.AddRange(resources.Select(resource => new WatchResourcesChange { Upsert = resource }));
        return new() { Changes = changes };
    }

    /// <summary><c>Shop.AppHost</c> is the host of <c>Shop</c>.</summary>
    private static string NameOf(string applicationName)
    {
        const string Suffix = "AppHost";
        var name = applicationName.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? applicationName[..^Suffix.Length].TrimEnd('.') : applicationName;
        return name.Length > 0 ? name : applicationName;
    }

    /// <summary>Streams live as long as their reader and this AppHost; the end of either is no error.</summary>
    private async Task StreamAsync(ServerCallContext context, Func<CancellationToken, Task> write)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await write(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or IOException or InvalidOperationException)
        {
        }
        catch (Exception e)
        {
            FeedLog.StreamFailed(logger, context.Method, e);
            throw;
        }
    }
}
