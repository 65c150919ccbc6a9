using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>How the pods of a resource are marked, placed, probed and ended.</summary>
public static class PodExtensions
{
    /// <summary>A Kubernetes annotation on the pods.</summary>
    public static IResourceBuilder<T> WithPodAnnotation<T>(this IResourceBuilder<T> builder, string key, string value)
        where T : IResource => builder.WithAnnotation(new PodMetadataAnnotation(PodMetadataTarget.Pod, key, value));

    /// <summary>A Kubernetes label on the pods, such as a version; another value rolls them.</summary>
    /// <exception cref="DistributedApplicationException">The key is one of <c>app.kubernetes.io/</c>, by which selectors find the
    /// pods.</exception>
    public static IResourceBuilder<T> WithPodLabel<T>(this IResourceBuilder<T> builder, string key, string value)
        where T : IResource =>
        key.StartsWith("app.kubernetes.io/", StringComparison.Ordinal)
            ? throw new DistributedApplicationException(
                $"Resource '{builder.Resource.Name}': label '{key}' is set by publishing; choose another key.")
            : builder.WithAnnotation(new PodMetadataAnnotation(PodMetadataTarget.PodLabel, key, value));

    /// <summary>A Kubernetes annotation on the ServiceAccount of the pods, such as a cloud's IAM role.</summary>
    public static IResourceBuilder<T> WithServiceAccountAnnotation<T>(this IResourceBuilder<T> builder, string key, string value)
        where T : IResource =>
        builder.WithAnnotation(new PodMetadataAnnotation(PodMetadataTarget.ServiceAccount, key, value));

    /// <summary>Name of the pods' PriorityClass.</summary>
    public static IResourceBuilder<T> WithPriorityClass<T>(this IResourceBuilder<T> builder, string name)
        where T : IResource =>
        builder.WithAnnotation(new PriorityClassAnnotation(name), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Spreads the pods over the values of a node label.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="topologyKey">Node label; the node itself by default.</param>
    /// <param name="required">A pod without a free place stays pending.</param>
    public static IResourceBuilder<T> WithSpread<T>(
        this IResourceBuilder<T> builder, string topologyKey = "kubernetes.io/hostname", bool required = false)
        where T : IResource =>
        builder.WithAnnotation(new SpreadAnnotation(topologyKey, required), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>How long a pod may take to end, and the command that is run in it before TERM.</summary>
    public static IResourceBuilder<T> WithTermination<T>(
        this IResourceBuilder<T> builder, TimeSpan gracePeriod, params string[] preStop)
        where T : IResource =>
        builder.WithAnnotation(new TerminationAnnotation(
            preStop.Length == 0 ? null : preStop, gracePeriod), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>A probe that runs a command in the container.</summary>
    public static IResourceBuilder<T> WithExecProbe<T>(
        this IResourceBuilder<T> builder, PodProbe probe, IReadOnlyList<string> command, ProbeTiming? timing = null)
        where T : IResource => builder.WithAnnotation(new ExecProbeAnnotation(probe, command, timing ?? new()));

    /// <summary>A probe by <c>grpc.health.v1</c>.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="probe">Which probe.</param>
    /// <param name="service">Service name in the health request.</param>
    /// <param name="endpointName">Endpoint of the resource that serves it.</param>
    /// <param name="timing">Periods and thresholds.</param>
    public static IResourceBuilder<T> WithGrpcProbe<T>(
        this IResourceBuilder<T> builder, PodProbe probe, string service = "", string endpointName = "grpc",
        ProbeTiming? timing = null)
        where T : IResourceWithEndpoints =>
        builder.WithAnnotation(new GrpcProbeAnnotation(probe, endpointName, service, timing ?? new()));

    /// <summary>A probe by HTTP GET.</summary>
    public static IResourceBuilder<T> WithHttpGetProbe<T>(
        this IResourceBuilder<T> builder, PodProbe probe, string path, string endpointName = "http", ProbeTiming? timing = null)
        where T : IResource => builder.WithAnnotation(new HttpProbeAnnotation(probe, endpointName, path, timing ?? new()));

    /// <summary>
    /// The endpoint that monitoring scrapes. A project with an endpoint called <c>management</c> has its metrics there unless
    /// this says otherwise.
    /// </summary>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointName">Name of the endpoint.</param>
    /// <param name="path">Path of the metrics.</param>
    public static IResourceBuilder<T> WithMetricsEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName = "http", string path = "/metrics")
        where T : IResource =>
        builder.WithAnnotation(new MetricsPortAnnotation(endpointName, path), ResourceAnnotationMutationBehavior.Replace);
}
