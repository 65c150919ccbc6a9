using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A member of a local Redis Cluster that runs as a process.</summary>
/// <param name="command">The server's program.</param>
internal sealed class RedisClusterMemberResource(
    string name, string command, string workingDirectory, RedisClusterResource parent)
    : ExecutableResource(name, command, workingDirectory), IResourceWithParent<RedisClusterResource>
{
    public RedisClusterResource Parent { get; } = parent;
}
