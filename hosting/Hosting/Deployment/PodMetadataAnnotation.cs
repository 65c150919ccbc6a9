using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What a <see cref="PodMetadataAnnotation"/> is put on.</summary>
public enum PodMetadataTarget
{
    /// <summary>The pods, as an annotation.</summary>
    Pod,

    /// <summary>The pods, as a label; selectors never use it.</summary>
    PodLabel,

    /// <summary>The ServiceAccount that the pods run as, where clouds look for an IAM role.</summary>
    ServiceAccount,
}

/// <summary>A Kubernetes annotation or label on the pods, or an annotation on their ServiceAccount.</summary>
public sealed record PodMetadataAnnotation(PodMetadataTarget Target, string Key, string Value) : IResourceAnnotation;
