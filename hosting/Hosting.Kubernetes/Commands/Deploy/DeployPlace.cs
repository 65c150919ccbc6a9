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
/// <c>Environments:&lt;name&gt;:Registry</c> of the configuration in its place (environment variables, user secrets, command line),
/// and for <c>personal</c> the namespace of the user.
/// </summary>
/// <param name="Environment">Name of the environment.</param>
/// <param name="Target">Context and namespace.</param>
/// <param name="Registry">Registry of the images that are built here; null: names stay short.</param>
internal sealed record DeployPlace(string Environment, ClusterTarget Target, string? Registry)
{
    /// <summary>Whether it is somebody's own.</summary>
    public bool IsPersonal => Environment.Equals(DeploymentEnvironmentResource.Personal, StringComparison.OrdinalIgnoreCase);

    /// <summary>The substitutions that render it for this place.</summary>
    public RenderSubstitutions Substitutions => new(Target.Namespace, Registry: Registry);

    /// <summary>Finds an environment.</summary>
    /// <param name="context">What the verb works with.</param>
    /// <param name="model">The published graph.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="user">Whose personal environment; null: that of the one who types. Other environments have no user.</param>
    /// <exception cref="DistributedApplicationException">It is not declared.</exception>
    public static DeployPlace Find(CommandContext context, PublishedModel model, string environment, string? user)
    {
        var declared = model.Environments.FirstOrDefault(e => string.Equals(e.Name, environment, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException(
                $"The environment '{environment}' is unknown. Declared are: {string.Join(", ", model.Environments.Select(e => e.Name))}.");
        var isPersonal = declared.Name.Equals(DeploymentEnvironmentResource.Personal, StringComparison.OrdinalIgnoreCase);
        if (user is not null && !isPersonal)
        {
            throw new BadUsageException($"--as names somebody's personal environment; '{declared.Name}' has no user.");
        }

        var settings = context.Services.GetRequiredService<IConfiguration>().GetSection($"Environments:{declared.Name}");
        var @namespace = isPersonal ? PersonalNamespace.Of(user ?? System.Environment.UserName) : declared.Target.Namespace;
        return new(declared.Name, new(settings["Context"] ?? declared.Target.Context, @namespace), settings["Registry"] ?? declared.Target.Registry);
    }

    /// <summary>A client for this place; refuses where the current context is another one, before anything of a cluster is read.</summary>
    public ClusterClient Connect(CommandContext context)
    {
        var kubeconfig = Kubeconfig.Load();
        ContextGuard.Check(kubeconfig, Target.Context, Environment);
        var cluster = ClusterClient.Connect(Target, kubeconfig);
        cluster.Report = context.Error.WriteLine;
        return cluster;
    }
}
