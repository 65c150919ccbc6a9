using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Deploy;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The commands that publish and deploy, in the order of the help.</summary>
internal static class KustomizeCommands
{
    public static void Add(IServiceCollection services)
    {
        foreach (var command in (AppHostCommand[])
        [
            new PublishCommand(), new RenderCommand(), new PromoteCommand(), ApplyCommand.Apply(), ApplyCommand.Create(),
            new DeleteCommand(), new DiffCommand(),
            new RollbackCommand(), new RestartCommand(), new CanaryCommand(), new StatusCommand(), new LogsCommand(),
            new EventsCommand(), new HistoryCommand(), new SilenceCommand(), new ExecCommand(), new PortForwardCommand(),
            new EnvironmentsCommand(), new SetupCommand(), new SecretsCommand(), new RestoreCommand(), new SummaryCommand(),
            new GraphCommand(),
        ])
        {
            services.AddSingleton(command);
        }
    }
}

/// <summary>A command whose errors about files and clusters are those of the app host.</summary>
internal abstract class DeploymentCommand(string name, string description) : AppHostCommand(name, description)
{
    public sealed override async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(context, cancellationToken);
        }
        catch (DeployException exception)
        {
            throw ErrorOf(exception);
        }
    }

    /// <summary>The error that is printed, and that decides on the exit code.</summary>
    public static DistributedApplicationException ErrorOf(DeployException exception) => exception is UnknownNameException
        ? new BadUsageException(exception.Message)
        : new DistributedApplicationException(exception.Message, exception);

    /// <inheritdoc cref="ExecuteAsync"/>
    protected abstract Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken);
}
