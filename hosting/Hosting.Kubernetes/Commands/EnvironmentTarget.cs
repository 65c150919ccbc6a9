using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// Where an environment is for the one who types: what the AppHost declares, with <c>Environments:&lt;name&gt;:Context</c> and
/// <c>Environments:&lt;name&gt;:Registry</c> of the configuration in its place (environment variables, user secrets, command
/// line), and for <c>personal</c> the namespace of the user.
/// </summary>
/// <param name="Registry">Registry of the images that are built here; null: names stay short.</param>
internal sealed record EnvironmentTarget(string Environment, ClusterTarget Cluster, string? Registry)
{
    /// <summary>The registry that the user names in place of the environment's.</summary>
    public string? OwnRegistry { get; init; }

    /// <summary>The options that name it, as they were typed: for a command in a line of text.</summary>
    public required string Options { get; init; }

    /// <summary>Whether it is somebody's own.</summary>
    public bool IsPersonal => DeploymentEnvironmentResource.IsPersonal(Environment);

    /// <summary>Context and namespace, for a line of text.</summary>
    public string Place => $"{Environment} (context {Cluster.Context}, namespace {Cluster.Namespace})";

    /// <param name="user">Whose personal environment; null: that of the one who types. Other environments have no user.</param>
    /// <param name="namespace">In place of the environment's own namespace.</param>
    /// <exception cref="BadUsageException">It isn't declared, or the user's namespace is another environment's.</exception>
    public static EnvironmentTarget Find(
        CommandContext context, PublishedModel model, string environment, string? user = null, string? @namespace = null)
    {
        var declared = model.Environments.FirstOrDefault(
            e => string.Equals(e.Name, environment, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadUsageException(model.Environments.Count == 0
                ? $"The environment '{environment}' is unknown: none is declared. Add one with AddEnvironment in " +
                "AppHost/Program.cs."
                : $"The environment '{environment}' is unknown. Declared are: " +
                $"{string.Join(", ", model.Environments.Select(e => e.Name))}.");
        var isPersonal = DeploymentEnvironmentResource.IsPersonal(declared.Name);
        if (user is not null && !isPersonal)
        {
            throw new BadUsageException($"--as names somebody's personal environment; '{declared.Name}' has no user.");
        }

        var settings = context.Services.GetRequiredService<IConfiguration>().GetSection($"Environments:{declared.Name}");
        var target = new ClusterTarget(
            settings["Context"] ?? declared.Target.Context,
            @namespace ?? (isPersonal
                ? PersonalNamespaceOf(user ?? System.Environment.UserName, model)
                : declared.Target.Namespace));
        return new(declared.Name, target, settings["Registry"] ?? declared.Target.Registry)
        {
            OwnRegistry = settings["Registry"],
            Options = $"--env {declared.Name}{(user is null ? "" : $" --as {user}")}" +
                (@namespace is null ? "" : $" -n {@namespace}"),
        };
    }

    private static string PersonalNamespaceOf(string user, PublishedModel model)
    {
        var name = PersonalNamespace.Of(user);
        var owner = model.Environments.FirstOrDefault(
            e => !DeploymentEnvironmentResource.IsPersonal(e.Name) && e.Target.Namespace == name);
        return owner is null
            ? name
            : throw new BadUsageException(
                $"The personal namespace of '{user}' would be '{name}', which belongs to the environment '{owner.Name}'. " +
                "Choose another one with --as NAME.");
    }
}
