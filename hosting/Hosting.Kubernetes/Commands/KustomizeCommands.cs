using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The commands that publish and deploy, in the order of the help.</summary>
internal static class KustomizeCommands
{
    public static void Add(IServiceCollection services) => services
        .AddSingleton<IAppHostCommand, PublishCommand>()
        .AddSingleton<IAppHostCommand, RenderCommand>()
        .AddSingleton<IAppHostCommand, PromoteCommand>()
        .AddSingleton<IAppHostCommand>(_ => ApplyCommand.Apply())
        .AddSingleton<IAppHostCommand>(_ => ApplyCommand.Create())
        .AddSingleton<IAppHostCommand, DeleteCommand>()
        .AddSingleton<IAppHostCommand, DiffCommand>()
        .AddSingleton<IAppHostCommand, EnvironmentsCommand>()
        .AddSingleton<IAppHostCommand, SetupCommand>()
        .AddSingleton<IAppHostCommand, StatusCommand>()
        .AddSingleton<IAppHostCommand, LogsCommand>()
        .AddSingleton<IAppHostCommand, SecretsCommand>()
        .AddSingleton<IAppHostCommand, GraphCommand>();
}
