using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The resource exists in these deployment environments only; others neither contain nor reference it.</summary>
public sealed record OnlyInAnnotation(IReadOnlyList<string> Environments, SourceLine Line) : IResourceAnnotation;
