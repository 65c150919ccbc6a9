using System.CommandLine;
using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Hosting;

/// <summary>Runs the graph on this machine until it is stopped.</summary>
internal sealed class RunCommand : AppHostCommand
{
    private readonly Option<bool> _wait =
        new("--wait") { Description = "Wait until everything is healthy, then print one table." };
    private readonly Option<bool> _exit = new("--exit")
    {
        Description = "Wait as with --wait, then stop everything; exit code 1 if anything failed.",
    };

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "How long to wait, in seconds.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 120,
        CustomParser = OptionValues.Number("--timeout takes a number of seconds, 1 or more.", min: 1, max: 1_000_000),
    };

    public RunCommand()
        : base(AppHostCommandLine.Run, "Run the graph on this machine, with the dashboard.")
    {
        Add(_wait);
        Add(_exit);
        Add(_timeout);
    }

    public override async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using var interrupt = new SecondInterrupt();
        var exit = context.Arguments.GetValue(_exit);
        if (!exit && !context.Arguments.GetValue(_wait))
        {
            return await RunAsync(context, cancellationToken);
        }

        // Asked for now: the host disposes its services when it has stopped, or could not start.
        var services = context.Services;
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        var loggers = services.GetRequiredService<ResourceLoggerService>();
        var readiness = new Readiness(
            services.GetRequiredService<DistributedApplicationModel>(), notifications,
            services.GetRequiredService<IDistributedApplicationEventing>(), services.GetRequiredService<TimeProvider>());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        var timeout = TimeSpan.FromSeconds(context.Arguments.GetValue(_timeout));
        end.CancelAfter(timeout);

        Task<int>? run = null;
        var reporting = ReportAsync();
        services.GetService<CrashWatcher>()?.LeaveTo(reporting);
        run = RunAsync(context, cancellationToken);
        var isReady = await Task.WhenAny(reporting, run) == reporting
            && readiness.HasVerdict && (await reporting).IsReady;
        var exitCode = await run;
        return isReady ? exitCode : ExitCodes.Failed;

        async Task<ReadinessReport> ReportAsync()
        {
            var instances = await readiness.WaitAsync(end.Token);
            var report = new ReadinessReport(instances, readiness.States);
            if (run is not { IsCompleted: true } && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                if (instances.Count > 0 || readiness.HasVerdict)
                {
                    report.WriteTable(context.Output);
                    await report.WriteErrorsAsync(context.Error, loggers, timeout);
                }
                else
                {
                    context.Error.WriteLine($"No resource was started within {timeout.TotalSeconds:0} s.");
                }

                if (exit)
                {
                    lifetime.StopApplication();
                }
            }

            return report;
        }
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        // Not asked for before the start: Aspire's services take a copy of the model, to which the dashboard is added then.
        var services = context.Services;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        BackgroundService? failed = null;
        stopping.Register(() => failed = services.GetServices<IHostedService>().OfType<BackgroundService>()
            .FirstOrDefault(s => s.ExecuteTask is { IsFaulted: true }));
        await RunAsync(context.Application!, stopping, cancellationToken);
        if (failed is null)
        {
            return ExitCodes.Done;
        }

        context.Error.WriteLine($"{failed.GetType().Name} failed: {failed.ExecuteTask!.Exception!.GetBaseException().Message}");
        return ExitCodes.Failed;
    }

    /// <summary>
    /// As <see cref="DistributedApplication.RunAsync"/>, which stops nothing where it is interrupted before all is started, and
    /// leaves what runs already to end after the command.
    /// </summary>
    private static async Task RunAsync(
        DistributedApplication application, CancellationToken stopping, CancellationToken cancellationToken)
    {
        // Before the first one Aspire waits for a DCP that may never have been started.
        var isBegun = false;
        application.Services.GetRequiredService<IDistributedApplicationEventing>().Subscribe<BeforeResourceStartedEvent>((_, _) =>
        {
            isBegun = true;
            return Task.CompletedTask;
        });
        try
        {
            try
            {
                await application.StartAsync(cancellationToken);
            }
            catch when (isBegun)
            {
                await application.StopAsync(CancellationToken.None);
                throw;
            }

            await application.WaitForShutdownAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while it still started.
        }

        // Aspire would wait for DCP here, too.
        if (isBegun)
        {
            await application.DisposeAsync();
        }
    }
}

/// <summary>
/// The first Ctrl+C stops the application in good order; the second ends the process at once, and DCP cleans up after it.
/// </summary>
internal sealed class SecondInterrupt : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private int _count;

    public SecondInterrupt() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
    {
        if (Interlocked.Increment(ref _count) == 2)
        {
            Environment.Exit(ExitCodes.Interrupted);
        }
    });

    public void Dispose() => _registration.Dispose();
}
