using Aspire.Hosting;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Something in the graph that cannot be published.</summary>
/// <param name="Line">Where it was written, where known.</param>
internal sealed record ValidationError(string Resource, string Field, string Problem, string Fix, SourceLine Line = default)
{
    public override string ToString() =>
        $"{(Line.File is null ? "" : $"{Line}: ")}{Resource}: {Field}: {Problem}. {char.ToUpperInvariant(Fix[0])}{Fix[1..]}.";
}

/// <summary>Collects every error of a graph, so that all are seen at once.</summary>
internal sealed class ValidationErrors
{
    private readonly List<ValidationError> _errors = [];

    /// <summary>Adds one; the same error in a second environment is not said twice.</summary>
    public void Add(ValidationError error)
    {
        lock (_errors)
        {
            if (!_errors.Contains(error))
            {
                _errors.Add(error);
            }
        }
    }

    public void Add(string resource, string field, string problem, string fix, SourceLine line = default) =>
        Add(new(resource, field, problem, fix, line));

    /// <exception cref="PublishException">There is an error.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new PublishException([
                .. _errors.OrderBy(
                    error => error.Resource, StringComparer.Ordinal).ThenBy(error => error.Field, StringComparer.Ordinal),
            ]);
        }
    }
}

/// <summary>The graph cannot be published; nothing was written.</summary>
internal sealed class PublishException(IReadOnlyList<ValidationError> errors)
    : DistributedApplicationException(
        $"The graph cannot be published:\n{string.Join('\n', errors.Select(error => $"  {error}"))}")
{
    /// <summary>Every error.</summary>
    public IReadOnlyList<ValidationError> Errors { get; } = errors;
}
