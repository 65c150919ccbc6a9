using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>An application of an AppHost's Program.cs, for a fixture that several tests share; derive from it to take part.</summary>
/// <param name="entryPoint">A type of the AppHost.</param>
/// <param name="args">The AppHost's command line.</param>
public class DistributedApplicationFactory(Type entryPoint, string[] args) : IDisposable, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<DistributedApplication>? _started;
    private ProgramRun? _program;

    /// <summary>An AppHost without a command line.</summary>
    public DistributedApplicationFactory(Type entryPoint)
        : this(entryPoint, [])
    {
    }

    /// <summary>Runs Program.cs and starts the application; at the second call waits for the first.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            _started ??= StartOnceAsync(cancellationToken);
        }

        return _started.WaitAsync(cancellationToken);
    }

    /// <inheritdoc cref="DistributedApplicationHostingTestingExtensions.CreateHttpClient"/>
    public HttpClient CreateHttpClient(string resourceName, string? endpointName = null) => Started.CreateHttpClient(resourceName, endpointName);

    /// <inheritdoc cref="DistributedApplicationHostingTestingExtensions.GetConnectionStringAsync"/>
    public ValueTask<string?> GetConnectionString(string resourceName) => Started.GetConnectionStringAsync(resourceName);

    /// <inheritdoc cref="DistributedApplicationHostingTestingExtensions.GetEndpoint"/>
    public Uri GetEndpoint(string resourceName, string? endpointName = null) => Started.GetEndpoint(resourceName, endpointName);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        if (_program is { } program)
        {
            await program.DisposeAsync().ConfigureAwait(false);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Before the builder is made; the defaults of tests are set.</summary>
    protected virtual void OnBuilderCreating(DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions)
    {
    }

    /// <summary>The builder is made, its graph is empty.</summary>
    protected virtual void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>The graph is complete.</summary>
    protected virtual void OnBuilding(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>The application is built and not started.</summary>
    protected virtual void OnBuilt(DistributedApplication application)
    {
    }

    private DistributedApplication Started => _started is { IsCompletedSuccessfully: true } started
        ? started.Result
        : throw new InvalidOperationException("The application has not started: call StartAsync first.");

    private async Task<DistributedApplication> StartOnceAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        _program = new ProgramRun(entryPoint.Assembly, args, new(OnBuilderCreating, OnBuilderCreated, OnBuilding));
        await _program.GetBuilderAsync(cancellationToken).ConfigureAwait(false);
        var application = await _program.BuildAsync(cancellationToken).ConfigureAwait(false);
        OnBuilt(application);
        await application.StartAsync(cancellationToken).ConfigureAwait(false);
        return application;
    }
}
