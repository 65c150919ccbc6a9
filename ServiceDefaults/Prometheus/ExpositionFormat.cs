namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>How metrics are written down.</summary>
internal enum ExpositionFormat
{
    /// <summary>https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format.</summary>
    Text,

    /// <summary>https://prometheus.io/docs/specs/om/open_metrics_spec/; the one with exemplars.</summary>
    OpenMetrics,
}
