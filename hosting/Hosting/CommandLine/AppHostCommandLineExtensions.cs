using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Commands of the AppHost: <c>dotnet run --project AppHost -- publish</c>.</summary>
public static class AppHostCommandLineExtensions
{
    /// <summary>
    /// The arguments for <see cref="DistributedApplication.CreateBuilder(string[])"/> of a command line that may begin with a
    /// command.
    /// </summary>
    public static string[] WithCommands(this string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        ErrorReport.PrintInsteadOfStackTrace(System.Reflection.Assembly.GetCallingAssembly());
        return AppHostCommandLine.ForBuilder(args);
    }

    /// <summary>
    /// Executes the command that the command line names; without one, runs the application until it is stopped.
    /// </summary>
    /// <param name="application">The application.</param>
    /// <param name="args">The command line.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 bad usage, 16 differences found.</returns>
    public static async Task<int> RunCommandAsync(
        this DistributedApplication application, string[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(args);
        if (AppHostCommandLine.IsForAspire(args))
        {
            return await RunPipelineAsync(application, args, cancellationToken);
        }

        return await new AppHostCommandLine(application, Console.Out, Console.Error).InvokeAsync(args, cancellationToken);
    }

    // The host ends in good order whatever became of the pipeline; its background service knows.
    private static async Task<int> RunPipelineAsync(
        DistributedApplication application, string[] args, CancellationToken cancellationToken)
    {
        if (args.Any(a => a.StartsWith("--list-steps", StringComparison.Ordinal)) && !PipelineInvocation.IsByAspireCommand)
        {
            return ErrorReport.Print(
                new BadUsageException("The steps are listed by the aspire command: aspire do --list-steps."), Console.Error);
        }

        var invocation = application.Services.GetService<PipelineInvocation>() ?? new();
        invocation.Arguments = args;
        var services = application.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await application.RunAsync(cancellationToken);
        if (services.Find(s => s.ExecuteTask is { IsFaulted: true })?.ExecuteTask?.Exception is not { } failure)
        {
            return invocation.ExitCode ?? ExitCodes.Done;
        }

        if (invocation.ExitCode is { } exitCode)
        {
            return exitCode;
        }

        // Pipeline execution failed: Step 'x' failed: what happened
        Exception innermost = failure;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        await Console.Error.WriteLineAsync(innermost.Message);
        return ExitCodes.Failed;
    }
}
