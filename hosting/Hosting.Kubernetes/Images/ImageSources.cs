using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Images;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Images;

/// <summary>Reads from the graph which images of an environment are built here, and from what.</summary>
internal static class ImageSources
{
    /// <summary>The images of the selected resources.</summary>
    /// <param name="environment">Name of a declared environment.</param>
    /// <param name="selected">Names of resources; a resource that is not named is not built.</param>
    /// <exception cref="DistributedApplicationException">A build argument has no value.</exception>
    public static async Task<IReadOnlyList<ImageSource>> OfAsync(
        PublishedModel model, string environment, IReadOnlySet<string> selected, CancellationToken cancellationToken)
    {
        var sources = new List<ImageSource>();
        foreach (var resource in model.Workloads.Where(r => PublishedModel.IsIn(r, environment)))
        {
            var name = WorkloadNames.Of(resource);
            if (!selected.Contains(name))
            {
                continue;
            }

            // As WorkloadReader.Image sees it: a project or a Dockerfile is built here.
            if (new EffectiveAnnotations(resource, environment).Last<DockerfileBuildAnnotation>() is { } build)
            {
                sources.Add(new DockerfileImageSource(
                    name,
                    build.ContextPath,
                    build.DockerfilePath,
                    build.Stage,
                    await ResolveAsync(name, build.BuildArguments, cancellationToken),
                    await ResolveAsync(name, build.BuildSecrets!, cancellationToken)));
            }
            else if (resource is ProjectResource project)
            {
                sources.Add(new ProjectImageSource(
                    WorkloadNames.Image(resource, model.Workloads), Path.GetFullPath(project.GetProjectMetadata().ProjectPath)));
            }
        }

        return [.. sources.DistinctBy(s => s.Name)];
    }

    private static async Task<IReadOnlyDictionary<string, string>> ResolveAsync(
        string resource, Dictionary<string, object?> values, CancellationToken cancellationToken)
    {
        var resolved = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            resolved[key] = value switch
            {
                IValueProvider provider => await provider.GetValueAsync(cancellationToken)
                    ?? throw new DistributedApplicationException($"{resource}: the build argument '{key}' has no value."),
                bool flag => flag ? "true" : "false",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value?.ToString() ?? "",
            };
        }

        return resolved;
    }
}
