using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// An environment variable whose value the pod knows: a field of itself (<c>status.podIP</c>, <c>metadata.name</c>) or of its
/// container's resources (<c>limits.memory</c>, in bytes).
/// </summary>
/// <param name="Name">Variable.</param>
/// <param name="Field">Downward API path; <c>limits.*</c> and <c>requests.*</c> read the main container's resources.</param>
public sealed record PodVariableAnnotation(string Name, string Field) : IResourceAnnotation;
