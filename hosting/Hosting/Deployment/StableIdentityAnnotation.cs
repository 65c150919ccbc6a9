using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// Members keep their name and their volume over a restart: a StatefulSet, with <c>&lt;name&gt;-headless</c> for the members' own
/// addresses.
/// </summary>
/// <param name="PublishNotReady">Members find each other before they are ready, as a cluster that forms itself must.</param>
/// <param name="Parallel">All members start and stop at once rather than one after the other.</param>
public sealed record StableIdentityAnnotation(bool PublishNotReady = true, bool Parallel = true) : IResourceAnnotation;
