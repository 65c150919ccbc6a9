namespace MonoRepo.Deploy.Cluster;

/// <summary>Why a cluster didn't do what it was asked.</summary>
internal enum ClusterErrorReason
{
    /// <summary>Something else; the message has the server's own words.</summary>
    Other,

    /// <summary>There is no kubeconfig, no such context in it, or its credentials can't be had.</summary>
    NoContext,

    /// <summary>The API server doesn't answer.</summary>
    Unreachable,

    /// <summary>The API server doesn't know who is asking.</summary>
    Unauthorized,

    /// <summary>The API server knows who is asking, and refuses.</summary>
    Forbidden,

    /// <summary>The namespace doesn't exist.</summary>
    NamespaceNotFound,

    /// <summary>The namespace is being deleted.</summary>
    NamespaceTerminating,

    /// <summary>An object doesn't exist.</summary>
    NotFound,

    /// <summary>An object exists already.</summary>
    AlreadyExists,

    /// <summary>An object isn't the version that was to be replaced.</summary>
    Conflict,

    /// <summary>Another field manager owns a field.</summary>
    FieldConflict,

    /// <summary>A ResourceQuota allows no more.</summary>
    QuotaExceeded,

    /// <summary>The cluster doesn't know a kind: its CustomResourceDefinition is missing.</summary>
    UnknownKind,

    /// <summary>A field that can't be changed was to be changed.</summary>
    Immutable,

    /// <summary>An object is refused for what it says.</summary>
    Invalid,

    /// <summary>The API server didn't answer in time.</summary>
    Timeout,

    /// <summary>A watch is asked to go on from a version that the server has forgotten.</summary>
    Expired,

    /// <summary>The API server, or a gateway in front of it, has too much to do.</summary>
    Overloaded,

    /// <summary>No space is left in the cluster's own database.</summary>
    StorageFull,
}

/// <param name="Message">A line that says where, what, and how to fix it.</param>
/// <param name="Object">The object that it is about; null: none.</param>
internal sealed record ClusterError(ClusterErrorReason Reason, string Message, ObjectKey? Object = null);

/// <summary>A cluster refused something, or can't be reached.</summary>
internal sealed class ClusterException(IReadOnlyList<ClusterError> errors)
    : DeployException(string.Join('\n', errors.Select(e => e.Message)))
{
    /// <summary>A single error.</summary>
    public ClusterException(ClusterErrorReason reason, string message)
        : this([new(reason, message)])
    {
    }

    /// <summary>Every error.</summary>
    public IReadOnlyList<ClusterError> Errors { get; } = errors;

    /// <summary>The reason of the first error.</summary>
    public ClusterErrorReason Reason => Errors[0].Reason;

    /// <summary>
    /// The errors of several calls together. A server that doesn't answer breaks all of them: one line says that.
    /// </summary>
    public static ClusterException Of(IReadOnlyCollection<ClusterException> exceptions)
    {
        var errors = exceptions.SelectMany(e => e.Errors).DistinctBy(e => e.Message).ToList();
        var common = errors.Find(
            e => e.Reason is ClusterErrorReason.Unreachable or ClusterErrorReason.Unauthorized or ClusterErrorReason.NoContext);
        return new(common is null ? errors : [common]);
    }
}
