using System.CommandLine;
using Aspire.Hosting;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MonoRepo.Deploy;
using MonoRepo.Hosting.Kubernetes.Commands;

namespace MonoRepo.Hosting.Kubernetes.Pipeline;

/// <summary>
/// A command of the AppHost as a step of Aspire's pipeline: <c>aspire do diff -e prod -- routeguide-server</c> does what
/// <c>dotnet run --project AppHost -- diff --env prod routeguide-server</c> does.
/// </summary>
/// <param name="execute">Executes it, or a part of it, and returns the exit code.</param>
internal sealed class CommandStep(AppHostCommand command, Func<CommandContext, CancellationToken, Task<int>> execute)
{
    /// <summary>Executes the command with the words that the pipeline was given.</summary>
    /// <exception cref="DistributedApplicationException">It failed, or found differences; the exit code is that of the
    /// command.</exception>
    public async Task RunAsync(PipelineStepContext context)
    {
        var invocation = context.Services.GetRequiredService<PipelineInvocation>();
        try
        {
            var code = await ExecuteAsync(context, Parse(invocation.Words));
            if (code != ExitCodes.Done)
            {
                invocation.ExitCode = code;
                throw new DistributedApplicationException($"{command.Name} {code switch
                {
                    ExitCodes.Differences => "found differences",
                    ExitCodes.Inconclusive => "was inconclusive",
                    _ => "failed",
                }}.");
            }
        }
        catch (Exception exception)
            when (exception is DistributedApplicationException or DeployException && invocation.ExitCode is null)
        {
            // A part of a command throws errors about files and clusters as they are.
            invocation.ExitCode = ErrorReport.Print(
                exception is DeployException error ? DeploymentCommand.ErrorOf(error) : exception,
                PipelineInvocation.IsByAspireCommand ? TextWriter.Null : Console.Error);

            throw;
        }
    }

    private async Task<int> ExecuteAsync(PipelineStepContext context, ParseResult parsed)
    {
        // Without the aspire command nobody shows the log of a step.
        await using var output = PipelineInvocation.IsByAspireCommand
            ? new StepWriter(context.ReportingStep, LogLevel.Information)
            : null;
        await using var error = PipelineInvocation.IsByAspireCommand
            ? new StepWriter(context.ReportingStep, LogLevel.Warning)
            : null;
        var command = new CommandContext(context.Services, parsed)
        {
            Step = context,
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
        };
        try
        {
            return await execute(command, context.CancellationToken);
        }
        finally
        {
            await command.Output.FlushAsync(CancellationToken.None);
            await command.Error.FlushAsync(CancellationToken.None);
        }
    }

    private ParseResult Parse(IReadOnlyList<string> words)
    {
        // The environment is said to a pipeline as a whole; steps that are about all environments pass over it.
        if (!command.Options.Any(o => o.Aliases.Contains(EnvironmentCommand.AspireName)))
        {
            var at = words.ToList().FindIndex(w => w.Split('=')[0] == EnvironmentCommand.AspireName);
            words = at < 0 ? words : [.. words.Take(at), .. words.Skip(words[at].Contains('=') ? at + 1 : at + 2)];
        }

        var parsed = command.Parse(words);
        return parsed.Errors.Count == 0
            ? parsed
            : throw new BadUsageException(string.Join('\n', parsed.Errors.Select(e => e.Message)));
    }
}
