using System.CommandLine;

namespace MonoRepo.Hosting;

/// <summary>Runs the graph on this machine until it is stopped.</summary>
internal sealed class RunCommand : IAppHostCommand
{
    public Command Command { get; } = new(AppHostCommandLine.Run, "Run the graph on this machine, with the dashboard.");

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await context.Application.RunAsync(cancellationToken).ConfigureAwait(false);
        return ExitCodes.Done;
    }
}
