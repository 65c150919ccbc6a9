using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What the callers of a service may rely on over 30 days.</summary>
/// <param name="Availability">Part of the calls that end without a fault of the server, between 0 and 1; null: no
/// objective.</param>
/// <param name="Latency">How fast unary calls are answered; null: no objective.</param>
/// <param name="Line">Where it was set.</param>
public sealed record ServiceLevelAnnotation(double? Availability, LatencyObjective? Latency, SourceLine Line)
    : IResourceAnnotation;
