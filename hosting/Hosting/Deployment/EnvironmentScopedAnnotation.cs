using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>An annotation that counts in one deployment environment only, recorded by <c>In</c>.</summary>
/// <param name="Environment">Name of the environment.</param>
/// <param name="Annotation">What the common settings gain there.</param>
/// <param name="Behavior">Replace: every annotation of that type gives way to it.</param>
/// <param name="Line">The line of the <c>In</c> call.</param>
public sealed record EnvironmentScopedAnnotation(
    string Environment, IResourceAnnotation Annotation, ResourceAnnotationMutationBehavior Behavior,
    SourceLine Line) : IResourceAnnotation;
