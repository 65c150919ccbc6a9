namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>The types of metric that OpenTelemetry's become.</summary>
internal enum FamilyKind
{
    /// <summary>It only grows.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>Counts by bucket.</summary>
    Histogram,
}
