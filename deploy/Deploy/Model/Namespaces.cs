namespace MonoRepo.Deploy.Model;

/// <summary>A namespace; never part of an overlay's render, as nothing cluster-wide is.</summary>
internal sealed record Namespace(ObjectMeta Metadata) : KubernetesObject("v1", "Namespace", Metadata);

/// <summary>What a namespace may use altogether.</summary>
internal sealed record ResourceQuota(ObjectMeta Metadata, ResourceQuotaSpec Spec)
    : KubernetesObject("v1", "ResourceQuota", Metadata);

/// <summary>Spec of a <see cref="ResourceQuota"/>.</summary>
internal sealed record ResourceQuotaSpec(IReadOnlyDictionary<string, string> Hard);

/// <summary>Defaults for containers that state nothing.</summary>
internal sealed record LimitRange(ObjectMeta Metadata, LimitRangeSpec Spec) : KubernetesObject("v1", "LimitRange", Metadata);

/// <summary>Spec of a <see cref="LimitRange"/>.</summary>
internal sealed record LimitRangeSpec(IReadOnlyList<LimitRangeItem> Limits);

/// <summary>Defaults of one type.</summary>
internal sealed record LimitRangeItem(
    string Type, IReadOnlyDictionary<string, string> Default, IReadOnlyDictionary<string, string> DefaultRequest);
