using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>How a pod leaves: what runs before TERM, and how long it may take altogether.</summary>
/// <param name="PreStop">Command run in the main container before TERM; null waits 5 s, so that callers stop coming
/// first.</param>
/// <param name="GracePeriod">From the wish to end to KILL, <paramref name="PreStop"/> included.</param>
public sealed record TerminationAnnotation(IReadOnlyList<string>? PreStop, TimeSpan GracePeriod) : IResourceAnnotation;
