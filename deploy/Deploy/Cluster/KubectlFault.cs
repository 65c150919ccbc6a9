using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Why kubectl could not do what it was told.</summary>
public enum KubectlFault
{
    /// <summary>Something else; the message has kubectl's own words.</summary>
    Other,

    /// <summary>There is no kubectl on the PATH.</summary>
    NotInstalled,

    /// <summary>The kubeconfig has no such context, or there is none.</summary>
    NoContext,

    /// <summary>The cluster does not answer.</summary>
    Unreachable,

    /// <summary>The cluster does not know who is asking.</summary>
    Unauthorized,

    /// <summary>The cluster knows who is asking, and refuses.</summary>
    Forbidden,

    /// <summary>The namespace does not exist.</summary>
    NamespaceMissing,

    /// <summary>The namespace is being deleted.</summary>
    NamespaceTerminating,

    /// <summary>An object does not exist.</summary>
    NotFound,

    /// <summary>An object exists already.</summary>
    AlreadyExists,

    /// <summary>An object is not the version that was to be replaced.</summary>
    Conflict,

    /// <summary>Another field manager owns a field.</summary>
    FieldConflict,

    /// <summary>A ResourceQuota allows no more.</summary>
    QuotaExceeded,

    /// <summary>The cluster does not know a kind: its CustomResourceDefinition is missing.</summary>
    KindMissing,

    /// <summary>A field that cannot be changed was to be changed.</summary>
    Immutable,

    /// <summary>An object is refused for what it says.</summary>
    Invalid,

    /// <summary>The cluster did not answer in time.</summary>
    Timeout,

    /// <summary>No space is left: on this machine, or in the cluster's own database.</summary>
    NoSpace,
}
