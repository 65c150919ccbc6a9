using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The resource runs once to its end: a Job, named by its content.</summary>
/// <param name="BackoffLimit">Retries before it counts as failed.</param>
/// <param name="TimeToLive">How long the finished Job stays to be looked at.</param>
public sealed record RunsToCompletionAnnotation(int BackoffLimit, TimeSpan TimeToLive) : IResourceAnnotation;
