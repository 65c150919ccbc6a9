using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// A cluster as kubectl shows it. Every call names context and namespace, and none asks back. What goes wrong is a
/// <see cref="KubectlException"/> whose message is one line.
/// </summary>
public interface IKubectl
{
    /// <summary>Where every call goes.</summary>
    KubectlTarget Target { get; }

    /// <summary>The context that kubectl has chosen by itself; null where there is none. Asks no cluster.</summary>
    Task<string?> CurrentContextAsync(CancellationToken cancellationToken);

    /// <summary>Versions of kubectl and of the cluster.</summary>
    Task<KubectlVersion> VersionAsync(CancellationToken cancellationToken);

    /// <summary>Objects as they are. What does not exist is left out.</summary>
    Task<IReadOnlyList<YamlMap>> GetAsync(KubectlQuery query, CancellationToken cancellationToken);

    /// <summary>Server-side apply by the field manager <see cref="KubectlApply.FieldManager"/>, in the order given.</summary>
    /// <returns>The objects as the cluster has them afterwards.</returns>
    Task<IReadOnlyList<YamlMap>> ApplyAsync(IReadOnlyList<YamlMap> objects, KubectlApply options, CancellationToken cancellationToken);

    /// <summary>Creates an object that must not exist yet (<see cref="KubectlFault.AlreadyExists"/>).</summary>
    Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken);

    /// <summary>Replaces an object; with a resourceVersion only that version of it (<see cref="KubectlFault.Conflict"/>).</summary>
    Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken);

    /// <summary>Deletes objects; those that are not there count as deleted.</summary>
    Task DeleteAsync(IReadOnlyList<ObjectKey> objects, KubectlDelete options, CancellationToken cancellationToken);

    /// <summary>Changes an object, or one of its subresources.</summary>
    Task<YamlMap> PatchAsync(ObjectKey one, KubectlPatch patch, CancellationToken cancellationToken);

    /// <summary>Lines of a log, as they come.</summary>
    IAsyncEnumerable<string> LogsAsync(KubectlLogs logs, CancellationToken cancellationToken);

    /// <summary>What happens to the objects of a kind, starting with all that exist (as <c>ADDED</c>); ends when the server ends it.</summary>
    /// <param name="kind">Kind as kubectl takes it, such as <c>pods</c> or <c>deployments.apps</c>.</param>
    /// <param name="selector">Labels; null: all.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    IAsyncEnumerable<KubectlEvent> WatchAsync(string kind, string? selector, CancellationToken cancellationToken);

    /// <summary>Runs a command in a container. A command that fails is no fault: its exit code is in the result.</summary>
    Task<KubectlExecution> ExecAsync(KubectlExec exec, CancellationToken cancellationToken);
}
