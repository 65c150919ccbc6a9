using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>
/// What a StatefulSet needs around an apply: fields that cannot change, volumes that grow, members that join and leave.
/// </summary>
internal interface IStatefulSetSteps
{
    /// <summary>
    /// Before anything is applied; the inventory lists the set already. Throws before it has changed anything where it cannot be
    /// done. To be called for every set, also for one that would not change: an interrupted step may have left more to do than
    /// the set shows.
    /// </summary>
    /// <returns>What is applied in place of <see cref="StatefulSetChange.Wanted"/>, such as with the number of members that it
    /// has now.</returns>
    Task<YamlMap> BeforeApplyAsync(StatefulSetChange change, CancellationToken cancellationToken);

    /// <summary>
    /// After everything was applied and before it is waited for: members whose roles are being changed may not be ready until
    /// this has finished. Ends with the set as it is wanted.
    /// </summary>
    Task AfterApplyAsync(StatefulSetChange change, CancellationToken cancellationToken);
}
