using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Tests.Engine;

/// <summary>An application that runs until the end of the test.</summary>
internal sealed class RunningApp(DistributedApplication app, LinesLoggerProvider log) : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    public string Log => log.Text;

    public ResourceNotificationService Notifications => app.Services.GetRequiredService<ResourceNotificationService>();

    public IServiceProvider Services => app.Services;

    public static async Task<RunningApp> StartAsync(TestBuilder builder)
    {
        var app = builder.Build();
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new RunningApp(app, builder.Log);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a change of a resource, or says what it was like instead.</summary>
    public async Task<ResourceEvent> UntilAsync(string resource, Predicate<ResourceEvent> wanted)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(_deadline);
        try
        {
            return await Notifications.WaitForResourceAsync(resource, change => wanted(change), deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{e.Message}\n{Log}", e);
        }
    }

    public string? StateOf(string instance) =>
        Notifications.TryGetCurrentState(instance, out var current) ? current.Snapshot.State?.Text : null;

    public Task<ResourceEvent> UntilAsync(string resource, string state) => UntilAsync(resource, change => change.Snapshot.State?.Text == state);

    /// <summary>Waits until the AppHost's own log holds a text.</summary>
    public async Task UntilLoggedAsync(string text)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(_deadline);
        Assert.True(await log.UntilAsync(text, deadline.Token), $"'{text}' was not logged:\n{Log}");
    }

    /// <summary>Waits until an instance has written a line.</summary>
    public async Task UntilWrittenAsync(string instance, string text)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(_deadline);
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(instance).WithCancellation(deadline.Token))
        {
            if (batch.Any(line => line.Content.EndsWith(text, StringComparison.Ordinal)))
            {
                return;
            }
        }
    }

    /// <summary>Waits until the application stops by itself.</summary>
    public async Task UntilStoppingAsync()
    {
        var stopping = new TaskCompletionSource();
        using var registration = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(_deadline, TestContext.Current.CancellationToken);
    }

    /// <summary>Everything that an instance has written, without the times.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(string instance)
    {
        var lines = new List<string>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(instance))
        {
            lines.AddRange(batch.Select(line => line.Content[(line.Content.IndexOf(' ') + 1)..]));
        }

        return lines;
    }

    public async Task<ExecuteCommandResult> CommandAsync(IResource resource, string instance, string name) =>
        await resource.Annotations.OfType<ResourceCommandAnnotation>().Single(command => command.Name == name).ExecuteCommand(new ExecuteCommandContext
        {
            ServiceProvider = app.Services,
            ResourceName = instance,
            CancellationToken = TestContext.Current.CancellationToken,
            Logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
        });

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }
}
