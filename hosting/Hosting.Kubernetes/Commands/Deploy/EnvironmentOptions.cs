using System.CommandLine;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The options of every verb that works with an environment.</summary>
internal sealed class EnvironmentOptions
{
    private readonly Option<string> _environment = new("--env") { Description = "Environment.", HelpName = "name", DefaultValueFactory = _ => DeploymentEnvironmentResource.Personal };
    private readonly Option<string> _as = new("--as") { Description = "Whose personal environment; the user's by default.", HelpName = "name" };

    /// <summary>Adds them to a verb.</summary>
    public EnvironmentOptions(Command command)
    {
        command.Options.Add(_environment);
        command.Options.Add(_as);
    }

    /// <summary>The environment that was named.</summary>
    public DeployPlace Place(CommandContext context, PublishedModel model) =>
        DeployPlace.Find(context, model, context.Arguments.GetValue(_environment)!, context.Arguments.GetValue(_as));
}
