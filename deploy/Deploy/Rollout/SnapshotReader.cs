using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Looks at the namespace.</summary>
public sealed class SnapshotReader(IKubectl kubectl, RolloutTargets targets)
{
    /// <summary>The namespace with its events.</summary>
    public async Task<ClusterSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var objects = Objects(cancellationToken);
        var events = Events(cancellationToken);
        return ClusterSnapshot.Of([.. await objects.ConfigureAwait(false), .. await events.ConfigureAwait(false)]);
    }

    /// <summary>The namespace, with events only while something is not ready: they are many, and say little about what works.</summary>
    public async Task<ClusterSnapshot> ReadForWaitAsync(CancellationToken cancellationToken)
    {
        var objects = await Objects(cancellationToken).ConfigureAwait(false);
        var snapshot = ClusterSnapshot.Of(objects);
        return RolloutReading.Read(targets, snapshot).IsReady ? snapshot : ClusterSnapshot.Of([.. objects, .. await Events(cancellationToken).ConfigureAwait(false)]);
    }

    private Task<IReadOnlyList<YamlMap>> Objects(CancellationToken cancellationToken) => kubectl.GetAsync(KubectlQuery.OfKinds([.. targets.Kinds]), cancellationToken);

    private Task<IReadOnlyList<YamlMap>> Events(CancellationToken cancellationToken) => kubectl.GetAsync(KubectlQuery.OfKinds("events"), cancellationToken);
}
