using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// A namespace of a cluster. Reads answer with what there is; writes are server-side. Everything that the cluster refuses is a
/// <see cref="ClusterException"/> with a line for each error.
/// </summary>
internal interface IClusterClient
{
    /// <summary>Context and namespace.</summary>
    ClusterTarget Target { get; }

    /// <summary>The version of the API server, such as <c>v1.36.0</c>.</summary>
    Task<string> ServerVersionAsync(CancellationToken cancellationToken);

    /// <summary>Reads objects; those that don't exist are left out.</summary>
    Task<IReadOnlyList<YamlMap>> GetAsync(ObjectQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Watches kinds: first every object that there is, then <see cref="ObjectChangeType.Synced"/>, then every change.
    /// Connections that break are made again where they were. An object that went meanwhile is reported as deleted.
    /// </summary>
    IAsyncEnumerable<ObjectChange> WatchAsync(ObjectQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Applies objects with server-side apply and strict validation, those of one kind at the same time, kinds in the order in
    /// which they are given. All objects are tried before errors are thrown.
    /// </summary>
    Task<IReadOnlyList<AppliedObject>> ApplyAsync(
        IReadOnlyList<YamlMap> objects, ApplyOptions options, CancellationToken cancellationToken);

    /// <summary>Creates an object.</summary>
    Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken);

    /// <summary>Replaces an object; where it states a <c>resourceVersion</c>, only that one.</summary>
    Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken);

    Task<YamlMap> PatchAsync(ObjectKey one, ObjectPatch patch, CancellationToken cancellationToken);

    /// <summary>Deletes objects; those that don't exist are passed over.</summary>
    Task DeleteAsync(IReadOnlyList<ObjectKey> objects, DeleteOptions options, CancellationToken cancellationToken);

    /// <summary>The lines of a container's log.</summary>
    IAsyncEnumerable<string> LogsAsync(LogOptions logs, CancellationToken cancellationToken);

    /// <summary>Runs a command in a container.</summary>
    Task<ExecResult> ExecAsync(ExecRequest exec, CancellationToken cancellationToken);

    /// <summary>A connection to a port of a pod.</summary>
    Task<Stream> ForwardAsync(string pod, int port, CancellationToken cancellationToken);
}
