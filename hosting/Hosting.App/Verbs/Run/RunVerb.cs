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

        // Asked for now: the host disposes its services when it has stopped.
        var outcome = context.Services.GetRequiredService<RunOutcome>();
        var isReady = true;
        var run = context.RunHostAsync(cancellationToken);
        if (exit || context.Arguments.GetValue(_wait))
        {
            isReady = await ReportAsync(context, run, TimeSpan.FromSeconds(context.Arguments.GetValue(_timeout))).ConfigureAwait(false);
            if (exit)
            {
                context.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            }
        }

        await run.ConfigureAwait(false);
        return outcome.Failure is null && (isReady || !exit) ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Waits until all is healthy or the application stops, then prints what there is.</summary>
    private static async Task<bool> ReportAsync(VerbContext context, Task run, TimeSpan timeout)
    {
        var services = context.Services;
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        using var deadline = new CancellationTokenSource(timeout);
        var wait = new ReadinessWait(services.GetRequiredService<DistributedApplicationModel>(), notifications, services.GetRequiredService<TimeProvider>());
        var waiting = wait.WaitAsync(deadline.Token);
        if (await Task.WhenAny(waiting, run).ConfigureAwait(false) == run)
        {
            return false;
        }

        var instances = await waiting.ConfigureAwait(false);
        ReadinessTable.Write(context.Output, instances);
        await ReadinessFaults.WriteAsync(context.Error, instances, notifications, services.GetRequiredService<ResourceLoggerService>(), timeout).ConfigureAwait(false);
        return instances.All(instance => instance.Progress is Progress.Ready or Progress.Idle);
    }
}
