using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.RedisCluster.Kubernetes;

/// <summary>The size of a deployed cluster, where it is not the one that it was added with.</summary>
internal sealed record RedisClusterSizeAnnotation(int Shards, int ReplicasPerShard) : IResourceAnnotation;
