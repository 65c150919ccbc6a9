using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A member of a local Redis Cluster that runs as a process.</summary>
/// <param name="name">The member's name.</param>
/// <param name="command">The server's program.</param>
/// <param name="workingDirectory">Where it is started.</param>
/// <param name="parent">The cluster.</param>
internal sealed class RedisClusterMemberResource(
    string name, string command, string workingDirectory, RedisClusterResource parent)
    : ExecutableResource(name, command, workingDirectory), IResourceWithParent<RedisClusterResource>
{
    /// <summary>The cluster.</summary>
    public RedisClusterResource Parent { get; } = parent;
}
