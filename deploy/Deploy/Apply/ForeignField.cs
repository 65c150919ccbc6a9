using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// A field of our object that we don't state and somebody else has added. Its value isn't told: it may be a secret.
/// </summary>
/// <param name="Path">The field, such as <c>.spec.template.spec.containers[name=server].env[name=DEBUG]</c>.</param>
/// <param name="Owner">Field manager that added it.</param>
internal sealed record ForeignField(ObjectKey Object, string Path, string Owner)
{
    public override string ToString() => $"{Object}: {Path} was added by '{Owner}', and stays";
}
