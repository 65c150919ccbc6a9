namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource sends telemetry to the dashboard.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation
{
    /// <summary>The protocol that it has to use; null means any.</summary>
    public OtlpProtocol? RequiredProtocol { get; init; }
}
