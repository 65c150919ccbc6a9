using System.CommandLine;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting.Run.Orchestration;
using MonoRepo.Hosting.Run.Readiness;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Runs the graph on this machine until it is stopped.</summary>
internal sealed class RunVerb : IVerb
{
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until everything is healthy and print one table." };
    private readonly Option<bool> _exit = new("--exit") { Description = "Wait likewise, then stop everything: exit code 0, or 1 with the last lines of what failed." };
    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "How long to wait, in seconds.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 120,
    };

    public RunVerb()
    {
        _timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--timeout takes a number of seconds, 1 or more.");
            }
        });
        Command = new Command("run", "Run the graph on this machine, with the dashboard.") { _wait, _exit, _timeout };
    }

    public Command Command { get; }

    public DistributedApplicationOperation Operation => DistributedApplicationOperation.Run;

    public async Task<int> ExecuteAsync(VerbContext context, CancellationToken cancellationToken)
    {
        using var interrupt = new SecondInterrupt();
        var exit = context.Arguments.GetValue(_exit);

        // Asked for now: the host disposes its services when it has stopped, or could not start.
        var outcome = context.Services.GetRequiredService<RunOutcome>();
        var lifetime = context.Services.GetRequiredService<IHostApplicationLifetime>();
        var report = CreateReport(context);
        var isReady = true;
        var run = context.RunHostAsync(cancellationToken);
        if (exit || context.Arguments.GetValue(_wait))
        {
            isReady = await (await Task.WhenAny(report(), EndAsync(run)).ConfigureAwait(false)).ConfigureAwait(false);
            if (exit)
            {
                lifetime.StopApplication();
            }
        }

        await run.ConfigureAwait(false);
        return outcome.Failure is null && (isReady || !exit) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<bool> EndAsync(Task run)
    {
        await run.ConfigureAwait(false);
        return false;
    }

    /// <summary>What waits until all is healthy and prints what there is; nothing when the application ends before. True: all is ready.</summary>
    private Func<Task<bool>> CreateReport(VerbContext context)
    {
        var services = context.Services;
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        var loggers = services.GetRequiredService<ResourceLoggerService>();
        var wait = new ReadinessWait(services.GetRequiredService<DistributedApplicationModel>(), notifications, services.GetRequiredService<TimeProvider>());
        var timeout = TimeSpan.FromSeconds(context.Arguments.GetValue(_timeout));
        return async () =>
        {
            using var deadline = new CancellationTokenSource(timeout);
            if (await wait.WaitAsync(deadline.Token).ConfigureAwait(false) is not { } instances)
            {
                return false;
            }

            ReadinessTable.Write(context.Output, instances);
            await ReadinessFaults.WriteAsync(context.Error, instances, notifications, loggers, timeout).ConfigureAwait(false);
            return instances.All(instance => instance.Progress is Progress.Ready or Progress.Idle);
        };
    }
}
