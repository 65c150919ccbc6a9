using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// Facts for publishing that follow from others (members from shards, say), computed once the environment is known.
/// </summary>
/// <param name="Facts">Pure: from the settings in force to the annotations that follow. What it returns replaces earlier ones of
/// its type.</param>
internal sealed record DeploymentFactsAnnotation(Func<DeploymentFactsContext, IEnumerable<IResourceAnnotation>> Facts)
    : IResourceAnnotation;

/// <summary>What a <see cref="DeploymentFactsAnnotation"/> may look at.</summary>
/// <param name="Environment">The environment; null for what is common to all.</param>
/// <param name="Annotations">The settings in force there.</param>
internal sealed record DeploymentFactsContext(
    IResource Resource, string? Environment, IReadOnlyList<IResourceAnnotation> Annotations)
{
    /// <summary>The setting of a type that was made last, or null.</summary>
    public T? Last<T>() where T : IResourceAnnotation => Annotations.OfType<T>().LastOrDefault();
}
