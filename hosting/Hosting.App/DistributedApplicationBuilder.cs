using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting;
using MonoRepo.Hosting.App;
using MonoRepo.Hosting.App.Verbs;

namespace Aspire.Hosting;

/// <summary>Collects the graph and builds the application from it.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationExecutionContextOptions _context;
    private readonly AppHostArguments _arguments;
    private readonly ResourceCollection _resources = [];
    private readonly DistributedApplicationEventing _eventing = new();

    /// <summary>A builder for the AppHost's command line.</summary>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args ?? throw new ArgumentNullException(nameof(args)) })
    {
    }

    /// <summary>A builder with options.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings();
        BuilderEvents.Constructing(options, settings);
        AppHostAssembly = AppHostLocation.FindAssembly(options);
        FaultReport.PrintInsteadOfStackTrace(AppHostAssembly);
        _arguments = AppHostArguments.Read(options.Args ?? [], VerbList.Names);
        var location = AppHostLocation.Find(options, AppHostAssembly);
        _host = HostFactory.Create(options, settings, _arguments, location, AppHostAssembly?.GetName().Name);
        _context = AppHostOperation.Read(_host.Configuration, _arguments.Verb);
        ExecutionContext = new DistributedApplicationExecutionContext(_context);
        AppHostConfiguration.Add(_host.Configuration, options, location, _host.Environment);
        AppHostServices.Add(this, options, _arguments);
        BuilderEvents.Constructed(this);
    }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public string AppHostDirectory => _host.Configuration["AppHost:Directory"]!;

    /// <summary>Path of the AppHost's project without its extension.</summary>
    public string AppHostPath => _host.Configuration["AppHost:Path"]!;

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing => _eventing;

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc />
    public IResourceCollection Resources => _resources;

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        ResourceNames.ThrowIfIllegal(resource);
        if (_resources.TryGetByName(resource.Name, out var existing))
        {
            throw new DistributedApplicationException($"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        ModelValidator.ThrowIfFaulty(_resources);
        BuilderEvents.Building(this);
        var host = _host.Build();
        _context.ServiceProvider = host.Services;
        var application = new VerbApplication(host, _arguments);
        return BuilderEvents.Built(application);
    }
}
