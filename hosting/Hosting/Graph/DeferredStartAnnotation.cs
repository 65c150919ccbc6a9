using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// The resource watches the others rather than serving them: it starts once all others are ready, or one has failed, and nobody's
/// readiness waits for it.
/// </summary>
internal sealed record DeferredStartAnnotation : IResourceAnnotation;
