using System.CommandLine;
using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Deploy;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The commands that publish and deploy, in the order of the help.</summary>
internal static class KustomizeCommands
{
    public static void Add(IServiceCollection services)
    {
        foreach (var command in (IEnumerable<IAppHostCommand>)
        [
            new PublishCommand(), new RenderCommand(), new PromoteCommand(), ApplyCommand.Apply(), ApplyCommand.Create(),
            new DeleteCommand(), new DiffCommand(),
            new RollbackCommand(), new RestartCommand(), new CanaryCommand(), new StatusCommand(), new LogsCommand(),
            new EventsCommand(), new HistoryCommand(), new SilenceCommand(), new ExecCommand(), new PortForwardCommand(),
            new EnvironmentsCommand(), new SetupCommand(), new SecretsCommand(), new RestoreCommand(), new SummaryCommand(),
            new GraphCommand(),
        ])
        {
            services.AddSingleton<IAppHostCommand>(new DeploymentCommand(command));
        }
    }
}

/// <summary>A command whose errors about files and clusters are those of the app host.</summary>
internal sealed class DeploymentCommand(IAppHostCommand command) : IAppHostCommand
{
    public IAppHostCommand Inner => command;

    public Command Command => command.Command;

    public async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ExecuteAsync(context, cancellationToken);
        }
        catch (UnknownNameException exception)
        {
            throw new BadUsageException(exception.Message);
        }
        catch (DeployException exception)
        {
            throw new DistributedApplicationException(exception.Message, exception);
        }
    }
}
