namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>An endpoint of a resource as the engine wants it.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="TargetHost">What the process binds to.</param>
/// <param name="ListenHost">What DCP's proxy binds to.</param>
/// <param name="Port">The public port, or null for any.</param>
/// <param name="TargetPort">The process's own port, or null: DCP picks one. A container's is the one inside it.</param>
/// <param name="IsProxied">Whether DCP's proxy stands before it.</param>
internal sealed record EndpointPlan(
    string Resource, string Endpoint, string Protocol, string TargetHost, string ListenHost, int? Port, int? TargetPort, bool IsProxied);
