using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Tests;

/// <summary>The official builder in publish mode, with shorthands for environments and services.</summary>
internal sealed class TestGraph : IDistributedApplicationBuilder
{
    private readonly IDistributedApplicationBuilder _builder =
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = ["--operation=publish"],
            DisableDashboard = true,
            AssemblyName = typeof(TestGraph).Assembly.GetName().Name,
            ProjectDirectory = Path.GetTempPath(),
        });

    private IResourceBuilder<KustomizeEnvironmentResource>? _kustomize;

    public ConfigurationManager Configuration => _builder.Configuration;

    public string AppHostDirectory => _builder.AppHostDirectory;

    public Assembly? AppHostAssembly => _builder.AppHostAssembly;

    public IHostEnvironment Environment => _builder.Environment;

    public IServiceCollection Services => _builder.Services;

    public IDistributedApplicationEventing Eventing => _builder.Eventing;

    public DistributedApplicationExecutionContext ExecutionContext => _builder.ExecutionContext;

    public IResourceCollection Resources => _builder.Resources;

    public IDistributedApplicationPipeline Pipeline => _builder.Pipeline;

    public PublishedModel Model => new(Application, ExecutionContext, "shop");

    public DistributedApplicationModel Application => new(Resources);

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => _builder.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => _builder.CreateResourceBuilder(resource);

    public DistributedApplication Build() => _builder.Build();

    /// <summary>Declares a deployment environment.</summary>
    public void AddEnvironment(
        string name, string context, string? @namespace = null, string? registry = null,
        Action<IResourceBuilder<DeploymentEnvironmentResource>>? configure = null) =>
        (_kustomize ??= this.AddKustomize()).AddEnvironment(name, context, @namespace, registry, configure);

    /// <summary>A project with an endpoint for gRPC and one for operators, as the services of this repository have.</summary>
    public IResourceBuilder<ProjectResource> AddService(string name) => AddResource(new ProjectResource(name))
        .WithAnnotation(new OtlpExporterAnnotation())
        .WithEndpoint("grpc", e => (e.UriScheme, e.Transport) = ("http", "http2"))
        .WithEndpoint("management", e => (e.UriScheme, e.ExcludeReferenceEndpoint) = ("http", true));

    /// <summary>A project with one HTTP endpoint.</summary>
    public IResourceBuilder<ProjectResource> AddWeb(string name) => AddResource(new ProjectResource(name)).WithHttpEndpoint()
        .WithEnvironment("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"); // as AddProject does

    /// <summary>A container of an image.</summary>
    public IResourceBuilder<ContainerResource> AddImage(string name, string image, string tag, string? registry = null) =>
        AddResource(new ContainerResource(name))
        .WithAnnotation(new ContainerImageAnnotation { Registry = registry, Image = image, Tag = tag });

    /// <summary>A resource that runs nothing and brings objects along, as monitoring does.</summary>
    public sealed class Brought(string name) : Resource(name);
}
