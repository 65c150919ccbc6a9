using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

/// <summary>The road that every command takes: a graph to files, files to what is applied.</summary>
internal static class PublishedFiles
{
    /// <summary>Publishes into memory and renders that, with the pins and patches of a folder.</summary>
    public static RenderedEnvironment Render(
        this PublishedModel model, string environment, string? root = null, RenderSubstitutions? substitutions = null,
        RenderSelection? selection = null) =>
        new Renderer(ManifestTree.InMemory(Publication.Build(model, environment), root ?? Path.GetTempPath())).Render(
            environment, substitutions, selection);
}
