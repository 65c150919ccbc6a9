using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The running instances of a resource; the run engine states it before anything starts.</summary>
/// <param name="names">Names of the instances, one a replica, such as api-kzpwmqdx.</param>
public sealed class InstancesAnnotation(IReadOnlyList<string> names) : IResourceAnnotation
{
    /// <summary>Names of the instances, one a replica.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}
