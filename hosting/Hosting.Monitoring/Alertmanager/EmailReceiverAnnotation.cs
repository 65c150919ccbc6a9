using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A mailbox.</summary>
public sealed record EmailReceiverAnnotation(
    string To, string From, string SmartHost, int SmartHostPort, string? Username, ParameterResource? Password,
    AlertSeverity? Only) : AlertReceiverAnnotation(Only)
{
    internal override int Port => SmartHostPort;
}
