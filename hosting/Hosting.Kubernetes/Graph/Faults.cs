using Aspire.Hosting;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Something in the graph that cannot be published.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Field">What of it.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Line">Where it was written, where known.</param>
public sealed record Fault(string Resource, string Field, string Problem, string Fix, SourceLine Line = default)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Line.File is null ? "" : $"{Line}: ")}{Resource}: {Field}: {Problem}. {Fix}.";
}

/// <summary>Collects every fault of a graph, so that all are seen at once.</summary>
public sealed class Faults
{
    private readonly List<Fault> _faults = [];

    /// <summary>Adds one; the same fault in a second environment is not said twice.</summary>
    public void Add(Fault fault)
    {
        lock (_faults)
        {
            if (!_faults.Contains(fault))
            {
                _faults.Add(fault);
            }
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(string resource, string field, string problem, string fix, SourceLine line = default) => Add(new(resource, field, problem, fix, line));

    /// <exception cref="PublishException">There is a fault.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw new PublishException([.. _faults.OrderBy(f => f.Resource, StringComparer.Ordinal).ThenBy(f => f.Field, StringComparer.Ordinal)]);
        }
    }
}

/// <summary>The graph cannot be published; nothing was written.</summary>
public sealed class PublishException(IReadOnlyList<Fault> faults)
    : DistributedApplicationException($"The graph cannot be published:\n{string.Join('\n', faults.Select(f => $"  {f}"))}")
{
    /// <summary>Every fault.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
