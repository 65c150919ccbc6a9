using MonoRepo.Hosting.Kubernetes.Output;

namespace MonoRepo.Hosting.Kubernetes.Deploy.StatefulSets;

/// <summary>What a StatefulSet needs around an apply: fields that cannot change, volumes that grow, members that join and leave.</summary>
public interface IStatefulSetSteps
{
    /// <summary>Before anything is applied; the inventory lists the set already. Throws before it has changed anything where it cannot be done.</summary>
    /// <returns>What is applied in place of <see cref="StatefulSetChange.Wanted"/>, such as with the number of members that it has now.</returns>
    Task<YamlMap> BeforeApplyAsync(StatefulSetChange change, CancellationToken cancellationToken);

    /// <summary>After all that was applied works; what it applies itself it waits for.</summary>
    Task AfterReadyAsync(StatefulSetChange change, CancellationToken cancellationToken);
}
