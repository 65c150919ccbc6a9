using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Apply;

/// <summary>A field that somebody else has set to another value.</summary>
/// <param name="Path">The field, such as <c>.spec.replicas</c>.</param>
/// <param name="Owner">Field manager that owns it.</param>
internal sealed record FieldConflict(ObjectKey Object, string Path, string Owner, string Live, string Wanted)
{
    /// <summary>The field that an autoscaler changes.</summary>
    public const string Replicas = ".spec.replicas";

    public override string ToString() => $"{Object}: {Path} is {Live}, set by '{Owner}', and would become {Wanted}";
}
