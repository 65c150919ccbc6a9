using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Entrypoint and arguments of the main container, replacing the image's own.</summary>
public sealed record CommandAnnotation(IReadOnlyList<string> Command) : IResourceAnnotation;
