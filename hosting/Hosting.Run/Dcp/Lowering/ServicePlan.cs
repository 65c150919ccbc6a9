namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>One service of DCP: an endpoint's, or that of one replica of it.</summary>
/// <param name="Name">Name in DCP.</param>
/// <param name="Endpoint">What it serves.</param>
/// <param name="Replica">The one replica behind it; null: all of them.</param>
internal sealed record ServicePlan(string Name, EndpointPlan Endpoint, int? Replica);
