using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// The compute environment that a graph is published to: a kustomize base and an overlay for each deployment environment. There is one
/// in a graph; the deployment environments are plain data inside it.
/// </summary>
/// <param name="name">Its name, which is also the folder beside the AppHost's that is published to.</param>
public sealed class KustomizeEnvironmentResource(string name) : Resource(name), IComputeEnvironmentResource;
