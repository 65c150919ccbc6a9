using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests;

/// <summary>A master that dies in a run.</summary>
public sealed class RunFailoverTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("monorepo-test-apphost-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task GarnetsDeadMasterIsReplacedByItsReplica()
    {
        await using var redis = await RunningCluster.StartAsync(directory.FullName, ["--redis-replicas", "1"]);
        await redis.UntilHealthyAsync();
        var members = await redis.MembersAsync();
        var (master, replica) = (-1, members[0]);
        await Eventually.Holds(
            async () =>
            {
                // Which of the members is whose master may change on a machine that is slow enough.
                var views = await ClusterView.OfAsync(members, TimeProvider.System, Cancel);
                var follower = views.FirstOrDefault(view => views.Any(other => other.Myself is { IsMaster: true, Slots.Count: > 0 } && other.Myself.Id == view.Myself.MasterId));
                // One whose copy broke off a moment ago must not take over, and would not.
                if (follower is null || !await IsInSyncAsync(follower.Member))
                {
                    return false;
                }

                var followed = views.Single(view => view.Myself.Id == follower.Myself.MasterId).Member;
                (master, replica) = (members.ToList().IndexOf(followed), follower.Member);
                return true;
            },
            "a replica follows a master and is in step",
            Cancel);

        await redis.KillAsync(master);

        var took = await Eventually.Holds(
            async () => await ClusterView.OfAsync([replica], TimeProvider.System, Cancel) is [{ Myself: { IsMaster: true, Slots.Count: > 0 } }], "the replica is master", Cancel);
        TestContext.Current.SendDiagnosticMessage($"Replaced {took} after the master's death.");
    }

    private static async Task<bool> IsInSyncAsync(ClusterMember member)
    {
        using var connection = await member.ConnectAsync(Cancel);
        return await Replication.IsInSyncAsync(connection, Cancel);
    }
}
