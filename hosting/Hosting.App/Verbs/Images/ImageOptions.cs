using System.CommandLine;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting.Kubernetes.Deploy.Images;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Render;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>The options of every verb that builds images, and the build.</summary>
internal sealed class ImageOptions
{
    private readonly Option<string?> _baseImage = new("--base-image")
    {
        Description = $"What images of .NET projects are put on; {ImageBuildOptions.DefaultBaseImage} by default.",
        HelpName = "image",
    };

    private readonly Option<bool> _rebuild = new("--rebuild") { Description = "Build and push images whether or not anything changed." };

    /// <summary>Adds them to a verb.</summary>
    public ImageOptions(Command command)
    {
        command.Options.Add(_baseImage);
        command.Options.Add(_rebuild);
    }

    /// <summary>Sees to it that the registry of an environment has the images of the selected resources.</summary>
    /// <param name="context">What the verb works with.</param>
    /// <param name="model">The graph.</param>
    /// <param name="place">The environment.</param>
    /// <param name="selection">The resources.</param>
    /// <param name="report">Told of every step of every image, from any thread.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <returns>Name of the image to <c>sha256:…</c>, for <see cref="RenderSubstitutions.Digests"/>.</returns>
    /// <exception cref="DistributedApplicationException">An image cannot be built or pushed.</exception>
    public async Task<IReadOnlyDictionary<string, string>> BuildAsync(
        VerbContext context, PublishedModel model, DeployPlace place, RenderSelection selection, Action<ImageReport> report, CancellationToken cancellationToken)
    {
        var facts = EnvironmentFacts.Of(model.Environments.First(e => e.Name == place.Environment));
        var faults = new Faults();
        var graph = EnvironmentGraph.Read(model, facts, faults);
        faults.ThrowIfAny();
        var names = Dependencies.Select(graph, selection.Resources, selection.Deep);
        var sources = await ImageSources.OfAsync(model, place.Environment, names, cancellationToken).ConfigureAwait(false);
        if (sources.Count == 0)
        {
            return new Dictionary<string, string>();
        }

        var registry = place.Registry ?? throw new DistributedApplicationException(
            $"'{place.Environment}' has no registry to push {string.Join(", ", sources.Select(s => s.Name))} to. "
            + $"Declare it with AddDeploymentEnvironment(…, registry: \"host/path\"), or name one for yourself with --Environments:{place.Environment}:Registry.");
        var options = new ImageBuildOptions(registry) { Rebuild = context.Arguments.GetValue(_rebuild) };
        var baseImage = context.Arguments.GetValue(_baseImage) ?? context.Services.GetRequiredService<IConfiguration>()["Images:BaseImage"];
        options = baseImage is null ? options : options with { BaseImage = baseImage };
        using var client = new RegistryClient();
        var builder = new ImageBuilder(new BuildTool(), client, ImagePaths.Of(AppHost(context)), TimeProvider.System);
        return await builder.BuildAsync(sources, options, report, cancellationToken).ConfigureAwait(false);
    }

    private static string AppHost(VerbContext context) =>
        context.Services.GetRequiredService<IConfiguration>()["AppHost:Directory"] ?? Directory.GetCurrentDirectory();
}
