using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A member of a local Redis Cluster that runs as a container.</summary>
/// <param name="name">The member's name.</param>
/// <param name="parent">The cluster.</param>
public sealed class RedisClusterMemberContainerResource(string name, RedisClusterResource parent)
    : ContainerResource(name), IResourceWithParent<RedisClusterResource>
{
    /// <summary>The cluster.</summary>
    public RedisClusterResource Parent { get; } = parent;
}
