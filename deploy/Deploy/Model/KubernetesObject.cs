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
