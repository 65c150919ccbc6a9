using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Collects and resolves the arguments and environment variables of a resource.</summary>
public interface IExecutionConfigurationBuilder
{
    /// <summary>Adds a source of arguments and variables; sources are asked in order.</summary>
    IExecutionConfigurationBuilder AddExecutionConfigurationGatherer(IExecutionConfigurationGatherer gatherer);

    /// <summary>Asks every source and resolves the values.</summary>
    /// <param name="executionContext">What is done with the graph.</param>
    /// <param name="resourceLogger">Log of the resource.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IExecutionConfigurationResult> BuildAsync(DistributedApplicationExecutionContext executionContext, ILogger? resourceLogger = null, CancellationToken cancellationToken = default);
}

/// <summary>A source of arguments and environment variables.</summary>
public interface IExecutionConfigurationGatherer
{
    /// <summary>Adds to what is collected so far.</summary>
    ValueTask GatherAsync(IExecutionConfigurationGathererContext context, IResource resource, ILogger resourceLogger, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken = default);
}

/// <summary>What is collected so far.</summary>
public interface IExecutionConfigurationGathererContext
{
    /// <summary>Arguments: text or values.</summary>
    List<object> Arguments { get; }

    /// <summary>Environment variables: text or values.</summary>
    Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Adds something for the engine that is neither argument nor variable.</summary>
    void AddAdditionalData(IExecutionConfigurationData metadata);
}

/// <summary>Something for the engine that is neither argument nor variable.</summary>
public interface IExecutionConfigurationData;

/// <summary>The arguments and environment variables of a resource.</summary>
public interface IExecutionConfigurationResult
{
    /// <summary>Everything that arguments and variables refer to.</summary>
    IEnumerable<object> References { get; }

    /// <summary>Arguments with what they were resolved from.</summary>
    IEnumerable<(object Unprocessed, string Processed, bool IsSensitive)> ArgumentsWithUnprocessed { get; }

    /// <summary>Arguments.</summary>
    IEnumerable<(string Value, bool IsSensitive)> Arguments { get; }

    /// <summary>Environment variables with what they were resolved from.</summary>
    IEnumerable<KeyValuePair<string, (object Unprocessed, string Processed)>> EnvironmentVariablesWithUnprocessed { get; }

    /// <summary>Environment variables.</summary>
    IEnumerable<KeyValuePair<string, string>> EnvironmentVariables { get; }

    /// <summary>What else was collected for the engine.</summary>
    IEnumerable<IExecutionConfigurationData> AdditionalConfigurationData { get; }

    /// <summary>What went wrong; what could be resolved is there nevertheless.</summary>
    Exception? Exception { get; }
}
