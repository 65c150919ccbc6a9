using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>An annotation that counts in one deployment environment only, recorded by <c>In</c>.</summary>
/// <param name="Annotation">What the common settings gain there.</param>
/// <param name="Behavior">Replace: every annotation of that type gives way to it.</param>
internal sealed record EnvironmentScopedAnnotation(
    string Environment, IResourceAnnotation Annotation, ResourceAnnotationMutationBehavior Behavior,
    SourceLine Line) : IResourceAnnotation;

/// <summary>The resource exists in these deployment environments only; others neither contain nor reference it.</summary>
internal sealed record OnlyInAnnotation(IReadOnlyList<string> Environments, SourceLine Line) : IResourceAnnotation;

/// <summary>Where in the AppHost a setting was written, so that a refusal can name the line.</summary>
internal readonly record struct SourceLine(string? File, int Line)
{
    /// <summary><c>Program.cs:12</c>; the folder is left out, as it differs from machine to machine.</summary>
    public override string ToString() => File is null ? "" : $"{Path.GetFileName(File.Replace('\\', '/'))}:{Line}";
}
