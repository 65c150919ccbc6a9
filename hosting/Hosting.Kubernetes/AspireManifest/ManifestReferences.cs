using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.AspireManifest;

/// <summary>Parameters that values refer to; those that are no resource of the graph, such as a password that an integration makes, are written last.</summary>
internal sealed class ManifestReferences
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<ParameterResource> _parameters = [];

    public IReadOnlyList<ParameterResource> Parameters => _parameters;

    public void Add(object? value)
    {
        if (value is null or string || !_seen.Add(value))
        {
            return;
        }

        if (value is ParameterResource parameter)
        {
            _parameters.Add(parameter);
        }

        if (value is IValueWithReferences references)
        {
            foreach (var reference in references.References)
            {
                Add(reference);
            }
        }
    }
}
