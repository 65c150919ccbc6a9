using System.CommandLine;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Processes;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Images;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The options of every command that builds images, and the build.</summary>
internal sealed class ImageOptions
{
    private readonly Option<string?> _baseImage = new("--base-image")
    {
        Description = $"Base image of .NET projects; {ImageBuildOptions.DefaultBaseImage} by default.",
        HelpName = "image",
    };

    private readonly Option<bool> _rebuild =
        new("--rebuild") { Description = "Build and push images even if nothing changed." };

    /// <summary>Adds them to a command.</summary>
    public ImageOptions(Command command, bool isLookup = false)
    {
        command.Add(_baseImage);
        if (!isLookup)
        {
            command.Add(_rebuild);
        }
    }

    /// <summary>Sees to it that the registry of an environment has the images of the selected resources.</summary>
    /// <param name="output">Told of every step of every image.</param>
    /// <returns>Name of the image to <c>sha256:…</c>, for <see cref="RenderSubstitutions.Digests"/>.</returns>
    /// <exception cref="DistributedApplicationException">An image cannot be built or pushed.</exception>
    public async Task<IReadOnlyDictionary<string, string>> BuildAsync(
        EnvironmentContext environment, RenderSelection selection, TextWriter output, CancellationToken cancellationToken)
    {
        var sources = await SourcesAsync(environment, selection, cancellationToken);
        if (sources.Count == 0)
        {
            return new Dictionary<string, string>();
        }

        using var client = new RegistryClient();
        var options = Options(environment, sources) with { Rebuild = environment.Command.Arguments.GetValue(_rebuild) };
        await using var progress = ImageProgress.For(environment.Command, output);
        return await Builder(environment, client).BuildAsync(sources, options, progress.Report, cancellationToken);
    }

    /// <summary>The digests of images that are built and unchanged; those that a build would change are left out.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(
        EnvironmentContext environment, RenderSelection selection, CancellationToken cancellationToken)
    {
        var sources = await SourcesAsync(environment, selection, cancellationToken);
        using var client = new RegistryClient();
        return sources.Count == 0
            ? new Dictionary<string, string>()
            : await Builder(environment, client).FindAsync(sources, Options(environment, sources), cancellationToken);
    }

    private static Task<IReadOnlyList<ImageSource>> SourcesAsync(
        EnvironmentContext environment, RenderSelection selection, CancellationToken cancellationToken)
    {
        var (name, files) = (environment.Target.Environment, new Renderer(environment.Tree));
        return ImageSources.OfAsync(
            environment.Model, name, ResourceSelection.Select(name, files.ReadPublished(name), selection), cancellationToken);
    }

    private static ImageBuilder Builder(EnvironmentContext environment, RegistryClient client) =>
        new(new ProcessRunner(), client, ImagePaths.Of(PublishedGraph.AppHost(environment.Command)), TimeProvider.System);

    private ImageBuildOptions Options(EnvironmentContext environment, IReadOnlyList<ImageSource> sources)
    {
        var target = environment.Target;
        var registry = target.Registry ?? throw new DistributedApplicationException(
            $"'{target.Environment}' has no registry to push {string.Join(", ", sources.Select(s => s.Name))} to. "
            + $"Declare it with AddEnvironment(…, registry: \"host/path\"), or name one for yourself with " +
            $"--Environments:{target.Environment}:Registry.");
        var baseImage = environment.Command.Arguments.GetValue(_baseImage)
            ?? environment.Command.Services.GetRequiredService<IConfiguration>()["Images:BaseImage"];
        return baseImage is null ? new(registry) : new(registry) { BaseImage = baseImage };
    }
}
