using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Environment variables while they are collected.</summary>
public class EnvironmentCallbackContext
{
    private readonly IResource? _resource;

    /// <summary>Variables of a resource.</summary>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default)
        : this(executionContext, environmentVariables, cancellationToken) =>
        _resource = resource ?? throw new ArgumentNullException(nameof(resource));

    /// <summary>Variables of nobody in particular.</summary>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default)
    {
        ExecutionContext = executionContext ?? throw new ArgumentNullException(nameof(executionContext));
        EnvironmentVariables = environmentVariables ?? [];
        CancellationToken = cancellationToken;
    }

    /// <summary>The variables: text or values; a later one of the same name wins.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Ends the wait.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Log of the resource.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The resource that gets the variables.</summary>
    /// <exception cref="InvalidOperationException">The variables are nobody's.</exception>
    public IResource Resource => _resource
        ?? throw new InvalidOperationException("The variables are collected without a resource.");

    /// <summary>What is done with the graph.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }
}
