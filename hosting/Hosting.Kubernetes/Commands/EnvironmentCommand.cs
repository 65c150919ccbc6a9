using System.CommandLine;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>A command for an environment: its command line says which one, and for some which of its resources.</summary>
internal abstract class EnvironmentCommand : DeploymentCommand
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

    /// <param name="hasResources">It takes names of resources.</param>
    /// <param name="hasDeep">It takes what they depend on as well.</param>
    protected EnvironmentCommand(string name, string description, bool hasResources = false, bool hasDeep = false)
        : base(name, description)
    {
        if (hasResources)
        {
            Add(_resources);
        }

        _namespace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } value && !GraphValidation.Label().IsMatch(value))
            {
                result.AddError(
                    $"'{value}' isn't a namespace. Use lower-case letters, digits and '-', 63 at most, such as my-tests.");
            }
        });
        foreach (var option in (Option[])[_environment, _as, _namespace])
        {
            // The environment means the same before and after a subcommand, such as `secrets set`.
            option.Recursive = true;
            Add(option);
        }

        if (hasDeep)
        {
            Add(_deep);
        }
    }

    protected EnvironmentContext ReadEnvironment(CommandContext context)
    {
        var model = PublishedGraph.Model(context);
        var arguments = context.Arguments;
        return new(context, EnvironmentTarget.Find(
            context, model, arguments.GetValue(_environment)!, arguments.GetValue(_as), arguments.GetValue(_namespace)), model);
    }

    /// <summary>The resources that were named; names of resources are in lower case.</summary>
    protected RenderSelection ReadSelection(CommandContext context) =>
        new([.. (context.Arguments.GetValue(_resources) ?? []).Select(n => n.ToLowerInvariant())],
            context.Arguments.GetValue(_deep));
}
