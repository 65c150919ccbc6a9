using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What becomes of resources in <c>aspire-manifest.json</c>, which other tools than ours read.</summary>
internal static class ManifestExtensions
{
    /// <summary>
    /// Leaves a resource out of <c>aspire-manifest.json</c> alone, where it would have no meaning; it is published to Kubernetes
    /// nevertheless. <c>ExcludeFromManifest</c> leaves it out of both.
    /// </summary>
    public static IResourceBuilder<T> ExcludeFromAspireManifest<T>(this IResourceBuilder<T> builder) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ApplicationBuilder.Configuration["Pipeline:Step"] == "publish-manifest"
            ? builder.ExcludeFromManifest()
            : builder;
    }

    /// <summary>Writes a resource that is no container of Aspire's into <c>aspire-manifest.json</c> as a container.</summary>
    /// <param name="container">The container, of the same name.</param>
    public static IResourceBuilder<T> WithContainerManifest<T>(this IResourceBuilder<T> builder, ContainerResource container)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithManifestPublishingCallback(context => context.WriteContainerAsync(container));
    }
}
