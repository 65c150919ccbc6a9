using System.CommandLine;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Images;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The options of every verb that builds images, and the build.</summary>
internal sealed class ImageOptions
{
    private readonly Option<string?> _baseImage = new("--base-image")
    {
        Description = $"What images of .NET projects are put on; {ImageBuildOptions.DefaultBaseImage} by default.",
        HelpName = "image",
    };

    private readonly Option<bool> _rebuild = new("--rebuild") { Description = "Build and push images whether or not anything changed." };

    private ImageOptions()
    {
    }

    /// <summary>Adds them to a verb.</summary>
    public ImageOptions(Command command)
    {
        command.Options.Add(_baseImage);
        command.Options.Add(_rebuild);
    }

    /// <summary>Those of a verb that builds nothing.</summary>
    public static ImageOptions ForLookup(Command command)
    {
        var options = new ImageOptions();
        command.Options.Add(options._baseImage);
        return options;
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
        CommandContext context, PublishedModel model, DeployPlace place, RenderSelection selection, Action<ImageReport> report, CancellationToken cancellationToken)
    {
        var sources = await SourcesAsync(model, place, selection, cancellationToken).ConfigureAwait(false);
        using var client = new RegistryClient();
        return sources.Count == 0
            ? new Dictionary<string, string>()
            : await Builder(context, client).BuildAsync(sources, Options(context, place, sources) with { Rebuild = context.Arguments.GetValue(_rebuild) }, report, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The digests of images that are built and unchanged; those that a build would change are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(
        CommandContext context, PublishedModel model, DeployPlace place, RenderSelection selection, CancellationToken cancellationToken)
    {
        var sources = await SourcesAsync(model, place, selection, cancellationToken).ConfigureAwait(false);
        using var client = new RegistryClient();
        return sources.Count == 0
            ? new Dictionary<string, string>()
            : await Builder(context, client).FindAsync(sources, Options(context, place, sources), cancellationToken).ConfigureAwait(false);
    }

    private static Task<IReadOnlyList<ImageSource>> SourcesAsync(PublishedModel model, DeployPlace place, RenderSelection selection, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var graph = EnvironmentGraph.Read(model, EnvironmentFacts.Of(model.Environments.First(e => e.Name == place.Environment)), faults);
        faults.ThrowIfAny();
        return ImageSources.OfAsync(model, place.Environment, Dependencies.Select(graph, selection.Resources, selection.Deep), cancellationToken);
    }

    private static ImageBuilder Builder(CommandContext context, RegistryClient client) =>
        new(new BuildTool(), client, ImagePaths.Of(AppHost(context)), TimeProvider.System);

    private ImageBuildOptions Options(CommandContext context, DeployPlace place, IReadOnlyList<ImageSource> sources)
    {
        var registry = place.Registry ?? throw new DistributedApplicationException(
            $"'{place.Environment}' has no registry to push {string.Join(", ", sources.Select(s => s.Name))} to. "
            + $"Declare it with AddEnvironment(…, registry: \"host/path\"), or name one for yourself with --Environments:{place.Environment}:Registry.");
        var baseImage = context.Arguments.GetValue(_baseImage) ?? context.Services.GetRequiredService<IConfiguration>()["Images:BaseImage"];
        return baseImage is null ? new(registry) : new(registry) { BaseImage = baseImage };
    }

    private static string AppHost(CommandContext context) =>
        context.Services.GetRequiredService<IConfiguration>()["AppHost:Directory"] ?? Directory.GetCurrentDirectory();
}
