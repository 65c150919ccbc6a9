namespace MonoRepo.Deploy.Model;

/// <summary>A Kubernetes object: kind, metadata and what the kind adds. Field names and order follow the API's own.</summary>
internal abstract record KubernetesObject(
    [property: ModelName("apiVersion")] string ApiVersion,
    [property: ModelName("kind")] string Kind,
    [property: ModelName("metadata")] ObjectMeta Metadata);

/// <summary>Name and marks of an object. The overlay gives the namespace; only what is beside one says its own.</summary>
internal sealed record ObjectMeta(
    string? Name,
    IReadOnlyDictionary<string, string>? Labels = null,
    IReadOnlyDictionary<string, string>? Annotations = null,
    string? Namespace = null);

/// <summary>Pods by their labels.</summary>
internal sealed record LabelSelector(IReadOnlyDictionary<string, string>? MatchLabels = null);

/// <summary>A number or a name, as ports and percentages are.</summary>
internal readonly record struct IntOrString(int Number, string? Text)
{
    public static implicit operator IntOrString(int number) => new(number, null);

    public static implicit operator IntOrString(string text) => new(0, text);
}

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
