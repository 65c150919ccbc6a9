using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run;
using MonoRepo.Hosting.Run.Orchestration;
using MonoRepo.Tests.Dcp;

namespace MonoRepo.Tests.Engine;

/// <summary>The run engine with nothing around it: no dashboard, no command line.</summary>
internal sealed class TestBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host = new();

    public TestBuilder()
    {
        Configuration["DcpPublisher:CliPath"] = DcpBinary.Path;
        Configuration["DcpPublisher:RandomizePorts"] = "true";
        Services.AddLogging(logging => logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
    }

    public LinesLoggerProvider Log { get; } = new();

    /// <summary>The program of each project, as the AppHost's build would state it.</summary>
    public Dictionary<string, string> Programs { get; } = [];

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory => Path.GetTempPath();

    public Assembly? AppHostAssembly => null;

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources { get; } = new DistributedApplicationModel([]).Resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new Of<T>(this, resource);

    public DistributedApplication Build()
    {
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(Eventing);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton(new ProgramFinder(Programs, null));
        Services.AddRunEngine(null);
        return new DistributedApplication(_host.Build());
    }

    private sealed class Of<T>(TestBuilder builder, T resource) : IResourceBuilder<T>
        where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder => builder;

        public T Resource => resource;

        public IResourceBuilder<T> WithAnnotation<TAnnotation>(
            TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
            where TAnnotation : IResourceAnnotation
        {
            if (behavior == ResourceAnnotationMutationBehavior.Replace)
            {
                foreach (var old in resource.Annotations.OfType<TAnnotation>().ToList())
                {
                    resource.Annotations.Remove(old);
                }
            }

            resource.Annotations.Add(annotation);
            return this;
        }
    }
}
