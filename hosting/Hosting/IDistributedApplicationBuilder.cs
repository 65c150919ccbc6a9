using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Collects the graph and builds the application from it.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Configuration of the AppHost: files, environment, command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Folder of the AppHost project; relative paths in the graph start here.</summary>
    string AppHostDirectory { get; }

    /// <summary>The AppHost's assembly, which carries its project's metadata.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>Environment (Development, Production …) of the AppHost.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Services of the AppHost itself.</summary>
    IServiceCollection Services { get; }

    /// <summary>Subscriptions to what happens to the application.</summary>
    IDistributedApplicationEventing Eventing { get; }

    /// <summary>Whether the graph is run or published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resources added so far.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource to the graph.</summary>
    /// <exception cref="DistributedApplicationException">A resource of that name exists.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>A builder for a resource without adding it to the graph.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>Validates the graph and builds the application.</summary>
    /// <exception cref="DistributedApplicationException">The graph has faults; the message lists all of them.</exception>
    DistributedApplication Build();
}
