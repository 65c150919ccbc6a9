using MonoRepo.Deploy.ConsoleOutput;
using MonoRepo.Deploy.Model;
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
    Task<PodPort> ForwardAsync(string pod, int port, CancellationToken cancellationToken);
}

/// <summary>Where a client works.</summary>
/// <param name="Namespace">Namespace of objects that have one.</param>
internal sealed record ClusterTarget(string Context, string Namespace)
{
    public override string ToString() => $"Context '{Context}', namespace '{Namespace}'";
}

internal sealed record ObjectQuery
{
    /// <summary>Objects one by one. Either these or <see cref="Kinds"/>.</summary>
    public IReadOnlyList<ObjectKey> Objects { get; init; } = [];

    /// <summary>All objects of some kinds, a list each.</summary>
    public IReadOnlyList<ResourceKind> Kinds { get; init; } = [];

    /// <summary>Labels that the objects have; null: any.</summary>
    public string? Selector { get; init; }

    /// <summary>With <c>metadata.managedFields</c>: who owns which field.</summary>
    public bool ManagedFields { get; init; }

    public bool AllNamespaces { get; init; }

    /// <summary>Called for a kind that may not be read, or that the cluster doesn't have; null: that is an error.</summary>
    public Action<ResourceKind, ClusterError>? Unreadable { get; init; }

    /// <summary>Called with a line whenever a watch lost its connection and tries again; null: nobody is told.</summary>
    public Action<string>? Interrupted { get; init; }

    /// <summary>All objects of some kinds.</summary>
    public static ObjectQuery OfKinds(params IEnumerable<ResourceKind> kinds) => new() { Kinds = [.. kinds] };

    /// <summary>Some objects.</summary>
    public static ObjectQuery Of(params IEnumerable<ObjectKey> objects) => new() { Objects = [.. objects] };
}

/// <summary>What happened to an object.</summary>
internal enum ObjectChangeType
{
    /// <summary>It is there; also said of all that there are at the start.</summary>
    Added,

    /// <summary>It is another version.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>The initial list is complete; no object comes with it.</summary>
    Synced,
}

/// <param name="Object">The object as it is now, or was last.</param>
internal sealed record ObjectChange(ObjectChangeType Type, YamlMap Object);

/// <summary>How objects are applied.</summary>
internal sealed record ApplyOptions
{
    /// <summary>Who owns the fields that are applied here.</summary>
    public const string FieldManager = "monorepo";

    /// <summary>The server answers as if it had, and stores nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Server-side apply's <c>force</c>: takes over fields that others own.</summary>
    public bool ForceConflicts { get; init; }

    /// <summary>Another field manager than <see cref="FieldManager"/>, to hand fields over.</summary>
    public string Manager { get; init; } = FieldManager;
}

/// <param name="Object">The object as the server returned it.</param>
internal sealed record AppliedObject(YamlMap Object, bool IsCreated);

/// <summary>How objects are deleted.</summary>
internal sealed record DeleteOptions
{
    /// <summary>What an object owns stays, such as the pods of a StatefulSet.</summary>
    public bool Orphan { get; init; }

    /// <summary>An object goes only after all that it owns has gone, pods for example.</summary>
    public bool Foreground { get; init; }

    /// <summary>Waits until the objects are gone, finalizers included.</summary>
    public bool Wait { get; init; }

    /// <summary>How long pods have to end; null: as long as they ask for.</summary>
    public int? GracePeriodSeconds { get; init; }
}

/// <summary>A change to an object.</summary>
/// <param name="Type"><c>merge</c> (RFC 7396) or <c>json</c> (RFC 6902).</param>
/// <param name="Subresource"><c>status</c> or <c>scale</c>; null: the object itself.</param>
internal sealed record ObjectPatch(string Json, string Type = "merge", string? Subresource = null)
{
    /// <summary>Who owns the fields that are patched.</summary>
    public string Manager { get; init; } = ApplyOptions.FieldManager;
}

/// <summary>Which log, and how much of it.</summary>
/// <param name="Container">The container; null: the pod's default one.</param>
internal sealed record LogOptions(string Pod, string? Container = null)
{
    /// <summary>Goes on until the container ends.</summary>
    public bool Follow { get; init; }

    /// <summary>Of the container before its last restart.</summary>
    public bool Previous { get; init; }

    /// <summary>Lines from the end; null: all.</summary>
    public int? Tail { get; init; }

    /// <summary>What was written since; null: all.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>Every line starts with its time.</summary>
    public bool Timestamps { get; init; }
}

/// <summary>A command to run in a container.</summary>
/// <param name="Container">The container; null: the pod's default one.</param>
internal sealed record ExecRequest(string Pod, string? Container, IReadOnlyList<string> Command)
{
    /// <summary>What the command reads; null: nothing.</summary>
    public Stream? Input { get; init; }

    /// <summary>Where its output goes as it comes; null: into the result.</summary>
    public Stream? Output { get; init; }

    /// <summary>Where its standard error goes as it comes; null: into the result.</summary>
    public Stream? Error { get; init; }

    /// <summary>Called with each line of the output as it comes; null: nobody is told.</summary>
    public Action<string>? Line { get; init; }

    /// <summary>With a terminal, whose present size this says; null: without. Output and standard error are then one.</summary>
    public Func<(int Width, int Height)>? Terminal { get; init; }
}

/// <summary>How a command in a container ended.</summary>
/// <param name="Output">What it wrote, where that didn't go elsewhere.</param>
/// <param name="Error">What it wrote to standard error, where that didn't go elsewhere.</param>
internal sealed record ExecResult(int ExitCode, string Output, string Error);
