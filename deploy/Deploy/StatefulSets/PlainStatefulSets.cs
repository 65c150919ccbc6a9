using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>StatefulSets that are applied like anything else.</summary>
internal sealed class PlainStatefulSets : IStatefulSetSteps
{
    /// <inheritdoc/>
    public Task<YamlMap> BeforeApplyAsync(StatefulSetChange change, CancellationToken cancellationToken) =>
        Task.FromResult(change.Wanted);

    /// <inheritdoc/>
    public Task AfterApplyAsync(StatefulSetChange change, CancellationToken cancellationToken) => Task.CompletedTask;
}
