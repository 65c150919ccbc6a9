using System.CommandLine;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The command line of every command for an environment: which one, and for some which of its resources.</summary>
internal sealed class EnvironmentArguments
{
    /// <summary>
    /// What the aspire command calls the option: <c>aspire deploy -e prod</c> starts the AppHost with <c>--environment prod</c>.
    /// </summary>
    public const string AspireName = "--environment";

    private readonly Option<string> _environment = new("--env", AspireName, "-e")
    {
        Description = "Environment.",
        HelpName = "name",
        DefaultValueFactory = _ => DeploymentEnvironmentResource.Personal,
    };

    private readonly Option<string?> _as =
        new("--as") { Description = "User whose personal environment it is; you by default.", HelpName = "name" };
    private readonly Option<string?> _namespace =
        new("--namespace", "-n") { Description = "Namespace in place of the environment's own.", HelpName = "name" };
    private readonly Argument<string[]> _resources = NamesArgument.Create("resource", "Resources; all when none is named.");
    private readonly Option<bool> _deep =
        new("--deep") { Description = "Include everything that the resources depend on, transitively." };

    /// <summary>Adds them to a command.</summary>
    /// <param name="hasResources">It takes names of resources.</param>
    /// <param name="hasDeep">It takes what they depend on as well.</param>
    /// <param name="isRecursive">Its subcommands take them too.</param>
    public EnvironmentArguments(Command command, bool hasResources = false, bool hasDeep = false, bool isRecursive = false)
    {
        if (hasResources)
        {
            command.Arguments.Add(_resources);
        }

        _namespace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !GraphValidation.Label().IsMatch(name))
            {
                result.AddError(
                    $"'{name}' isn't a namespace. Use lower-case letters, digits and '-', 63 at most, such as my-tests.");
            }
        });
        foreach (var option in (Option[])[_environment, _as, _namespace])
        {
            option.Recursive = isRecursive;
            command.Options.Add(option);
        }

        if (hasDeep)
        {
            command.Options.Add(_deep);
        }
    }

    public EnvironmentContext Read(CommandContext context)
    {
        var model = PublishedGraph.Model(context);
        var arguments = context.Arguments;
        return new(context, EnvironmentTarget.Find(
            context, model, arguments.GetValue(_environment)!, arguments.GetValue(_as), arguments.GetValue(_namespace)), model);
    }

    /// <summary>The resources that were named; names of resources are in lower case.</summary>
    public RenderSelection Selection(CommandContext context) =>
        new([.. (context.Arguments.GetValue(_resources) ?? []).Select(n => n.ToLowerInvariant())],
            context.Arguments.GetValue(_deep));
}
