using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Starting after all others.</summary>
public static class DeferredStartExtensions
{
    /// <summary>
    /// Starts the resource once all others are ready, or one has failed; <c>run --wait</c> does not wait for it.
    /// </summary>
    public static IResourceBuilder<T> WithDeferredStart<T>(this IResourceBuilder<T> builder) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new DeferredStartAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }
}
