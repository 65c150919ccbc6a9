using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>States what happens after a crash.</summary>
public static class RestartPolicyExtensions
{
    /// <summary>
    /// Restarts the resource after a crash, which is any end with an exit code other than 0, until it has crashed too often
    /// in a row. Without it a crash is shown and nothing else happens.
    /// </summary>
    /// <param name="builder">The resource.</param>
    /// <param name="maxRestarts">Greatest number of restarts in a row; a run longer than <paramref name="maxDelay"/> starts a new
    /// row. Default 5.</param>
    /// <param name="initialDelay">Wait before the first restart; it doubles each time. Default 1 s.</param>
    /// <param name="maxDelay">Greatest wait. Default 30 s.</param>
    public static IResourceBuilder<T> WithRestartPolicy<T>(
        this IResourceBuilder<T> builder, int maxRestarts = 5, TimeSpan? initialDelay = null, TimeSpan? maxDelay = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new RestartPolicyAnnotation(
                maxRestarts, initialDelay ?? TimeSpan.FromSeconds(1), maxDelay ?? TimeSpan.FromSeconds(30)),
            ResourceAnnotationMutationBehavior.Replace);
    }
}
