using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Who is told of alerts in a deployment environment.</summary>
/// <param name="Only">Only alerts of this severity; null: all.</param>
public abstract record AlertReceiverAnnotation(AlertSeverity? Only) : IResourceAnnotation
{
    /// <summary>TCP port that Alertmanager has to reach for it.</summary>
    internal abstract int Port { get; }
}
