using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A Slack channel.</summary>
public sealed record SlackReceiverAnnotation(string Channel, ParameterResource Url, AlertSeverity? Only)
    : AlertReceiverAnnotation(Only)
{
    internal override int Port => 443;
}
