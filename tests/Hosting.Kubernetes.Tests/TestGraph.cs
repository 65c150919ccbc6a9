using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Tests;

/// <summary>A builder of graphs and nothing else: no host, no engine.</summary>
internal sealed class TestGraph : IDistributedApplicationBuilder
{
    private readonly ResourceCollection _resources = [];

    public ConfigurationManager Configuration { get; } = new();

    public string AppHostDirectory => Path.GetTempPath();

    public Assembly? AppHostAssembly => null;

    public IHostEnvironment Environment => throw new NotSupportedException("A graph alone has no host.");

    public IServiceCollection Services { get; } = new ServiceCollection();

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Publish);

    public IResourceCollection Resources => _resources;

    public PublishedModel Model => new(new DistributedApplicationModel(_resources), ExecutionContext, "shop");

    public DistributedApplicationModel Application => new(_resources);

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new Builder<T>(this, resource);

    public DistributedApplication Build() => throw new NotSupportedException("A graph alone is not built.");

    /// <summary>A project with an endpoint for gRPC and one for operators, as the services of this repository have.</summary>
    public IResourceBuilder<ProjectResource> AddService(string name) => AddResource(new ProjectResource(name))
        .WithAnnotation(new OtlpExporterAnnotation())
        .WithEndpoint("grpc", e => (e.UriScheme, e.Transport) = ("http", "http2"))
        .WithEndpoint("management", e => (e.UriScheme, e.ExcludeReferenceEndpoint) = ("http", true));

    /// <summary>A project with one HTTP endpoint.</summary>
    public IResourceBuilder<ProjectResource> AddWeb(string name) => AddResource(new ProjectResource(name)).WithHttpEndpoint();

    private sealed class Builder<T>(TestGraph graph, T resource) : IResourceBuilder<T> where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder => graph;

        public T Resource => resource;

        public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior)
            where TAnnotation : IResourceAnnotation
        {
            if (behavior == ResourceAnnotationMutationBehavior.Replace)
            {
                foreach (var earlier in resource.Annotations.OfType<TAnnotation>().ToList())
                {
                    resource.Annotations.Remove(earlier);
                }
            }

            resource.Annotations.Add(annotation);
            return this;
        }
    }
}
