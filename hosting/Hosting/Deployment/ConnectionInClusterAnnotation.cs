using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// The connection string of the resource as seen from inside the cluster, where it is not the one that its endpoints make.
/// </summary>
public sealed record ConnectionInClusterAnnotation(ReferenceExpression ConnectionString) : IResourceAnnotation;
