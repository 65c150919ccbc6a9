using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests;

internal static class RedisClusterClientExtensions
{
    /// <summary>
    /// A master with a replica that follows it and is in step: on a slow machine the members may change roles, and a replica
    /// whose copy broke off a moment ago neither may take over nor does.
    /// </summary>
    public static async Task<(ClusterMember Master, ClusterMember Replica)> UntilReplicaIsInSyncAsync(
        this RedisClusterClient client)
    {
        (ClusterMember, ClusterMember)? pair = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var views = await client.ViewsAsync();
                pair = (from replica in views
                        from master in views
                        where master.Myself is { IsReplica: false, Slots.Count: > 0 }
                            && master.Myself.NodeId == replica.Myself.ParentNodeId
                        select ((ClusterMember, ClusterMember)?)(master.Member, replica.Member)).FirstOrDefault();
                return pair is (_, var follower) && (await client.ReplicationAsync(follower)).IsInSync;
            },
            "a replica follows a master and is in step");
        return pair!.Value;
    }
}
