using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>An HTTP endpoint that takes Alertmanager's JSON.</summary>
public sealed record WebhookReceiverAnnotation(ParameterResource Url, int UrlPort, AlertSeverity? Only)
    : AlertReceiverAnnotation(Only)
{
    internal override int Port => UrlPort;
}
