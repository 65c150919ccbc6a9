using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.GitOps;

/// <summary>The manifests of an environment as a commit has them: what is in git counts, not what a graph would say today.</summary>
public static class RenderedFolder
{
    /// <summary>Renders an overlay with <c>kubectl kustomize</c>.</summary>
    /// <param name="tool">Runs kubectl.</param>
    /// <param name="repository">Folder of the repository.</param>
    /// <param name="environment">Name of the environment.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="DeployException">There is no such overlay, or it holds an image without a digest that needs one.</exception>
    public static async Task<IReadOnlyList<YamlMap>> ReadAsync(IBuildTool tool, string repository, string environment, CancellationToken cancellationToken)
    {
        var overlay = Path.Combine(repository, "k8s", Layout.Overlay(environment));
        var result = await tool.RunAsync(new("kubectl", ["kustomize", overlay], repository), cancellationToken).ConfigureAwait(false)
            ?? throw new DeployException("There is no kubectl on the PATH.");
        if (result.ExitCode != 0)
        {
            throw new DeployException($"k8s/{Layout.Overlay(environment)}: {string.Join(' ', result.Lines.Where(l => l.Length > 0)).Replace(repository, "", StringComparison.Ordinal)}");
        }

        var objects = YamlReader.ReadAll(string.Join('\n', result.Output)).OfType<YamlMap>().ToList();
        PinRule.ThrowIfUnpinned(environment, [.. objects.SelectMany(ImageFields.Of).Where(i => ImageReference.Parse(i).Digest is null).Distinct()]);
        return objects;
    }
}
