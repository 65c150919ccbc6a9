using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// The annotations of a resource that are in force in one environment: the common ones, then the environment's, then what follows
/// from both.
/// </summary>
internal sealed class EffectiveAnnotations
{
    /// <summary>The endpoint of this name is where operators ask, and so where a project's metrics are (docs/adr/0005).</summary>
    internal const string ManagementEndpoint = "management";

    private readonly List<IResourceAnnotation> _annotations;
    private readonly bool _isProject;

    /// <summary>Reads a resource; a null environment means what is common to all.</summary>
    public EffectiveAnnotations(IResource resource, string? environment)
    {
        _isProject = resource is ProjectResource;
        _annotations = [.. resource.Annotations.Where(a => a is not EnvironmentScopedAnnotation)];
        foreach (var scoped in resource.Annotations.OfType<EnvironmentScopedAnnotation>().Where(s => IsIn(s, environment)))
        {
            if (scoped.Behavior == ResourceAnnotationMutationBehavior.Replace)
            {
                _annotations.RemoveAll(a => a.GetType() == scoped.Annotation.GetType());
            }

            _annotations.Add(scoped.Annotation);
        }

        foreach (var derived in _annotations.OfType<DeploymentFactsAnnotation>().ToList())
        {
            var facts = derived.Facts(new(resource, environment, [.. _annotations])).ToList();
            _annotations.RemoveAll(a => facts.Any(f => f.GetType() == a.GetType()));
            _annotations.AddRange(facts);
        }
    }

    /// <summary>Whether a scoped annotation counts in an environment.</summary>
    public static bool IsIn(EnvironmentScopedAnnotation scoped, string? environment) =>
        string.Equals(scoped.Environment, environment, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether these are the very same annotations.</summary>
    public bool IsSame(EffectiveAnnotations other) =>
        _annotations.SequenceEqual(other._annotations, ReferenceEqualityComparer.Instance);

    public IEnumerable<T> All<T>() => _annotations.OfType<T>();

    /// <summary>Those of a type that have names: of each name the last, in the order in which names came up.</summary>
    public IEnumerable<T> Named<T>(Func<T, string> name)
    {
        var all = All<T>().ToList();
        return all.Select(name).Distinct().Select(n => all.Last(a => name(a) == n));
    }

    /// <summary>The one that was made last, or null.</summary>
    public T? Last<T>() => _annotations.OfType<T>().LastOrDefault();

    /// <summary>
    /// Where the resource is scraped: what it states, else a project's endpoint <c>management</c>; null: nowhere.
    /// </summary>
    public MetricsPortAnnotation? MetricsPort => Last<MetricsPortAnnotation>()
        ?? (_isProject && All<EndpointAnnotation>().Any(e => e.Name == ManagementEndpoint) ? new(ManagementEndpoint) : null);

    public bool Has<T>() => _annotations.Exists(a => a is T);
}
