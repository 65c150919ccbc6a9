namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>One process or container of a resource.</summary>
/// <param name="ResourceName">Name in the model.</param>
/// <param name="Name">Name in DCP and in the dashboard: <c>web-abcdefgh</c>.</param>
/// <param name="Suffix">The letters of the name; also OpenTelemetry's <c>service.instance.id</c>.</param>
/// <param name="Index">0 to <paramref name="Count"/> - 1.</param>
/// <param name="Count">How many replicas the resource has.</param>
internal sealed record ResourceInstance(string ResourceName, string Name, string Suffix, int Index, int Count);
