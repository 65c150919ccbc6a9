using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.App;

namespace Aspire.Hosting.Testing;

/// <summary>Hears of the builders that are made in its own flow of execution, so that tests can run side by side.</summary>
internal sealed class BuilderObserver : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly AsyncLocal<BuilderObserver?> Current = new();

    private readonly Action<DistributedApplicationOptions, HostApplicationBuilderSettings> _constructing;
    private readonly IDisposable _listeners;
    private IDisposable? _events;

    /// <summary>Begins to listen.</summary>
    /// <param name="constructing">Sets options and settings.</param>
    public BuilderObserver(Action<DistributedApplicationOptions, HostApplicationBuilderSettings> constructing)
    {
        _constructing = constructing;
        _listeners = DiagnosticListener.AllListeners.Subscribe(this);
    }

    /// <summary>The builder is made.</summary>
    public Action<DistributedApplicationBuilder>? Constructed { get; init; }

    /// <summary>The graph is complete.</summary>
    public Action<DistributedApplicationBuilder>? Building { get; init; }

    /// <summary>The application is built.</summary>
    public Action<BuiltApplication>? Built { get; init; }

    /// <summary>From here on this flow of execution is the observer's.</summary>
    public void Attach() => Current.Value = this;

    /// <summary>The opposite of <see cref="Attach"/>.</summary>
    public static void Detach() => Current.Value = null;

    /// <inheritdoc />
    public void Dispose()
    {
        _listeners.Dispose();
        _events?.Dispose();
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Aspire.Hosting")
        {
            _events = value.Subscribe(this);
        }
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (Current.Value != this)
        {
            return;
        }

        switch (value.Value)
        {
            case ValueTuple<DistributedApplicationOptions, HostApplicationBuilderSettings> constructing:
                _constructing(constructing.Item1, constructing.Item2);
                break;
            case DistributedApplicationBuilder builder when value.Key.EndsWith("Constructed", StringComparison.Ordinal):
                builder.Services.AddHttpClient();
                builder.Services.AddLogging(logging => logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning));
                Constructed?.Invoke(builder);
                break;
            case DistributedApplicationBuilder builder:
                Building?.Invoke(builder);
                break;
            case BuiltApplication built:
                Built?.Invoke(built);
                break;
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }
}
