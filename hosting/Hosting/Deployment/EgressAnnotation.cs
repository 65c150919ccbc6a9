using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A destination outside of the graph that the resource may reach.</summary>
/// <param name="Port">TCP port.</param>
/// <param name="Cidr">Addresses in CIDR form where known; otherwise any.</param>
public sealed record EgressAnnotation(int Port, string? Cidr) : IResourceAnnotation;
