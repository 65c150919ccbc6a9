using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Commands;

namespace Aspire.Hosting;

/// <summary>Publishes a graph as Kubernetes manifests: a kustomize base and an overlay for each environment.</summary>
public static class KustomizeBuilderExtensions
{
    /// <summary>
    /// Adds the compute environment that the graph is published to, and the commands that publish and deploy it.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name, which is also the folder beside the AppHost's that is published to.</param>
    public static IResourceBuilder<KustomizeEnvironmentResource> AddKustomize(
        this IDistributedApplicationBuilder builder, [ResourceName] string name = "k8s")
    {
        ArgumentNullException.ThrowIfNull(builder);
        var resource = new KustomizeEnvironmentResource(name);
        if (builder.ExecutionContext.IsRunMode)
        {
            KustomizeCommands.Add(builder.Services);
            return builder.CreateResourceBuilder(resource);
        }

        if (builder.Resources.OfType<KustomizeEnvironmentResource>().Any())
        {
            throw new DistributedApplicationException(
                $"AddKustomize(\"{name}\"): a graph is published to one folder. Declare environments with AddEnvironment.");
        }

        KustomizeCommands.Add(builder.Services);
        builder.Services.AddSingleton<PipelineInvocation>();
        if (!PipelineInvocation.IsByAspireCommand)
        {
            // A step that fails says so itself, in one line; these add a stack trace each.
            builder.Services.AddLogging(logging => logging
                .AddFilter<ConsoleLoggerProvider>("Aspire.Hosting.Publishing.PipelineExecutor", LogLevel.None)
                .AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None));
        }

        return builder.AddResource(resource).ExcludeFromManifest();
    }

    /// <summary>Declares a deployment environment.</summary>
    /// <param name="builder">The compute environment.</param>
    /// <param name="name">Its name, also the folder under <c>overlays</c>.</param>
    /// <param name="context">The only kubeconfig context that it may be applied to.</param>
    /// <param name="namespace">Its namespace; the name by default. <c>personal</c> is applied to the user's own.</param>
    /// <param name="registry">Registry of the images built here; by default they keep their short names.</param>
    /// <param name="configure">Settings of the environment as a whole, such as <c>WithIngress</c>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static IResourceBuilder<KustomizeEnvironmentResource> AddEnvironment(
        this IResourceBuilder<KustomizeEnvironmentResource> builder,
        [ResourceName] string name,
        string context,
        string? @namespace = null,
        string? registry = null,
        Action<IResourceBuilder<DeploymentEnvironmentResource>>? configure = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(context);
        if (builder.Resource.Environments.Any(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException(
                $"{new SourceLine(file, line)}: the environment '{name}' is declared twice.");
        }

        var environment = new DeploymentEnvironmentResource(name, new(context, @namespace ?? name, registry, new(file, line)));
        builder.WithAnnotation(new DeploymentEnvironmentAnnotation(environment));
        configure?.Invoke(builder.ApplicationBuilder.CreateResourceBuilder(environment));
        return builder;
    }
}
