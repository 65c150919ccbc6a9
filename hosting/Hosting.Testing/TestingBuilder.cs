using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>A builder whose graph the test makes itself.</summary>
internal class TestingBuilder : IDistributedApplicationTestingBuilder
{
    private readonly DistributedApplicationBuilder _inner;
    private TestedApplication? _application;

    /// <summary>Makes the builder.</summary>
    public TestingBuilder(string[] args, BuilderHooks hooks)
        : this(Create(args, hooks))
    {
    }

    /// <summary>Takes a builder that somebody else has made.</summary>
    protected TestingBuilder(DistributedApplicationBuilder inner) => _inner = inner;

    /// <inheritdoc />
    public ConfigurationManager Configuration => _inner.Configuration;

    /// <inheritdoc />
    public string AppHostDirectory => _inner.AppHostDirectory;

    /// <inheritdoc />
    public Assembly? AppHostAssembly => _inner.AppHostAssembly;

    /// <inheritdoc />
    public IHostEnvironment Environment => _inner.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _inner.Services;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing => _inner.Eventing;

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext => _inner.ExecutionContext;

    /// <inheritdoc />
    public IResourceCollection Resources => _inner.Resources;

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => _inner.AddResource(resource);

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => _inner.CreateResourceBuilder(resource);

    /// <inheritdoc />
    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    /// <inheritdoc />
    public virtual Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<DistributedApplication>(_application ??= new TestedApplication(_inner.Build()));

    /// <inheritdoc />
    public virtual ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static DistributedApplicationBuilder Create(string[] args, BuilderHooks hooks)
    {
        using var observer = new BuilderObserver((options, settings) =>
        {
            TestingDefaults.Apply(options, settings, appHost: null);
            hooks.Constructing(options, settings);
        });
        observer.Attach();
        try
        {
            return new DistributedApplicationBuilder(args);
        }
        finally
        {
            BuilderObserver.Detach();
        }
    }
}
