using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>An object as the API server returned it.</summary>
internal sealed record LiveObject(YamlMap Map)
{
    public string Kind { get; } = Map.Text("kind") ?? "";

    public string Name { get; } = Map.TextAt("metadata", "name") ?? "";

    /// <summary>What owner references and events name it by.</summary>
    public string Uid { get; } = Map.TextAt("metadata", "uid") ?? "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset? Created => Map.TimeAt("metadata", "creationTimestamp");

    /// <summary>Whether it is on its way out.</summary>
    public bool IsDeleting => Map.At("metadata", "deletionTimestamp") is not null;

    /// <summary>Whether its controller has seen the present spec.</summary>
    public bool IsObserved =>
        Map.NumberAt("status", "observedGeneration") is { } observed && observed >= (Map.NumberAt("metadata", "generation") ?? 0);

    /// <summary>The resource of the graph that it belongs to; its own name where that is not said.</summary>
    public string Resource => Map.TextAt("metadata", "annotations", KubernetesLabels.Resource) ?? Name;

    /// <summary>The name by which selectors find its pods, or those of its template.</summary>
    public string? PodName =>
        Map.TextAt("spec", "template", "metadata", "labels", KubernetesLabels.Name)
        ?? Map.TextAt("spec", "jobTemplate", "spec", "template", "metadata", "labels", KubernetesLabels.Name)
        ?? Map.TextAt("metadata", "labels", KubernetesLabels.Name);

    /// <summary>Whether <paramref name="owner"/> made it.</summary>
    public bool IsOwnedBy(LiveObject owner) => Map.ItemsAt("metadata", "ownerReferences").Any(o => o.TextAt("uid") == owner.Uid);

    /// <summary>A condition of its status, or null.</summary>
    public YamlMap? Condition(string type)
    {
        foreach (var condition in Map.ItemsAt("status", "conditions"))
        {
            if (condition.TextAt("type") == type)
            {
                return condition;
            }
        }

        return null;
    }
}
