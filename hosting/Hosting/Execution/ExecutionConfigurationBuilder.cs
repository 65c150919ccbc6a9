using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <inheritdoc cref="IExecutionConfigurationBuilder" />
public sealed class ExecutionConfigurationBuilder : IExecutionConfigurationBuilder
{
    private readonly IResource _resource;
    private readonly List<IExecutionConfigurationGatherer> _gatherers = [];

    private ExecutionConfigurationBuilder(IResource resource) => _resource = resource;

    /// <summary>A builder for a resource.</summary>
    public static IExecutionConfigurationBuilder Create(IResource resource) =>
        new ExecutionConfigurationBuilder(resource ?? throw new ArgumentNullException(nameof(resource)));

    /// <inheritdoc />
    public IExecutionConfigurationBuilder AddExecutionConfigurationGatherer(IExecutionConfigurationGatherer gatherer)
    {
        _gatherers.Add(gatherer ?? throw new ArgumentNullException(nameof(gatherer)));
        return this;
    }

    /// <inheritdoc />
    public async Task<IExecutionConfigurationResult> BuildAsync(
        DistributedApplicationExecutionContext executionContext,
        ILogger? resourceLogger = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(executionContext);
        var collected = new Collected();
        var faults = new List<Exception>();
        foreach (var gatherer in _gatherers)
        {
            try
            {
                await gatherer.GatherAsync(collected, _resource, resourceLogger ?? NullLogger.Instance, executionContext, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                faults.Add(exception);
            }
        }

        var context = new ValueProviderContext { Caller = _resource, ExecutionContext = executionContext };
        var arguments = new List<(object, string, bool)>();
        foreach (var value in collected.Arguments)
        {
            if (await ResolveAsync(value).ConfigureAwait(false) is { } text)
            {
                arguments.Add((value, text, ResolvedValue.IsSensitive(value)));
            }
        }

        var variables = new List<KeyValuePair<string, (object, string)>>();
        foreach (var (name, value) in collected.EnvironmentVariables)
        {
            if (await ResolveAsync(value).ConfigureAwait(false) is { } text)
            {
                variables.Add(new(name, (value, text)));
            }
        }

        return new Result(
            [.. collected.Arguments.Concat(collected.EnvironmentVariables.Values).SelectMany(ResolvedValue.ReferencesOf).Distinct(ReferenceEqualityComparer.Instance)],
            arguments,
            variables,
            collected.AdditionalData,
            Summarize(faults));

        async Task<string?> ResolveAsync(object value)
        {
            try
            {
                return await ResolvedValue.OfAsync(value, context, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                faults.Add(exception);
                return null;
            }
        }
    }

    // One missing parameter in two variables is one fault.
    private static Exception? Summarize(List<Exception> faults) => faults.DistinctBy(f => (f.GetType(), f.Message)).ToArray() switch
    {
        [] => null,
        [var only] => only,
        var several => new AggregateException(several),
    };

    private sealed class Collected : IExecutionConfigurationGathererContext
    {
        public List<object> Arguments { get; } = [];

        public Dictionary<string, object> EnvironmentVariables { get; } = [];

        internal List<IExecutionConfigurationData> AdditionalData { get; } = [];

        public void AddAdditionalData(IExecutionConfigurationData metadata) => AdditionalData.Add(metadata);
    }

    private sealed record Result(
        IEnumerable<object> References,
        IReadOnlyList<(object Unprocessed, string Processed, bool IsSensitive)> All,
        IReadOnlyList<KeyValuePair<string, (object Unprocessed, string Processed)>> Variables,
        IEnumerable<IExecutionConfigurationData> AdditionalConfigurationData,
        Exception? Exception) : IExecutionConfigurationResult
    {
        public IEnumerable<(object Unprocessed, string Processed, bool IsSensitive)> ArgumentsWithUnprocessed => All;

        public IEnumerable<(string Value, bool IsSensitive)> Arguments => All.Select(a => (a.Processed, a.IsSensitive));

        public IEnumerable<KeyValuePair<string, (
            object Unprocessed,
            string Processed)>> EnvironmentVariablesWithUnprocessed => Variables;

        public IEnumerable<KeyValuePair<string, string>> EnvironmentVariables => Variables.Select(v => KeyValuePair.Create(v.Key, v.Value.Processed));
    }
}
