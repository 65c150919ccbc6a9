using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>How members are spread over the cluster.</summary>
/// <param name="TopologyKey">Node label whose values are the places to spread over.</param>
/// <param name="Required">A member without a free place stays pending rather than sharing one.</param>
public sealed record SpreadAnnotation(string TopologyKey, bool Required) : IResourceAnnotation;
