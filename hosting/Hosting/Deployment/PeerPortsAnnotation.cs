using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Ports on which the members of one resource talk to each other, and to nobody else.</summary>
public sealed record PeerPortsAnnotation(IReadOnlyList<int> Ports) : IResourceAnnotation;
