using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>How many members a resource has in a cluster, and how large they are.</summary>
public static class ScalingExtensions
{
    /// <summary>Between two replica counts, by average CPU use.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="min">Fewest replicas.</param>
    /// <param name="max">Most replicas.</param>
    /// <param name="targetCpu">Wanted average use in percent of the CPU request.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static IResourceBuilder<T> WithAutoscaling<T>(
        this IResourceBuilder<T> builder, int min, int max, int targetCpu = 80, [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource =>
        builder.WithAnnotation(
            new AutoscalingAnnotation(min, max, targetCpu, new(file, line)), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>CPU and memory of the main container, as Kubernetes quantities; what is not given stays as it was.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="cpuRequest">Reserved CPU, default 100m.</param>
    /// <param name="cpuLimit">CPU that it is throttled at; none by default, as throttling costs latency.</param>
    /// <param name="memoryRequest">Reserved memory, default 128Mi.</param>
    /// <param name="memoryLimit">Memory that it is killed at, default 512Mi.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static IResourceBuilder<T> WithResources<T>(
        this IResourceBuilder<T> builder,
        string? cpuRequest = null,
        string? cpuLimit = null,
        string? memoryRequest = null,
        string? memoryLimit = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource =>
        builder.WithAnnotation(new ComputeResourcesAnnotation(cpuRequest, cpuLimit, memoryRequest, memoryLimit, new(file, line)));

    /// <summary>Size of each volume claim of the resource, and its storage class when not the cluster's default.</summary>
    public static IResourceBuilder<T> WithStorage<T>(
        this IResourceBuilder<T> builder, string size, string? storageClass = null, [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource =>
        builder.WithAnnotation(
            new StorageAnnotation(size, storageClass, new(file, line)), ResourceAnnotationMutationBehavior.Replace);
}
