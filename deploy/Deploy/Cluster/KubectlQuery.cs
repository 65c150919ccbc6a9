using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Which objects: some by name, or all of some kinds.</summary>
public sealed record KubectlQuery
{
    /// <summary>Objects by name, asked one by one. Either these or <see cref="Kinds"/>.</summary>
    public IReadOnlyList<ObjectKey> Objects { get; init; } = [];

    /// <summary>Kinds as kubectl takes them (<c>pods</c>, <c>deployments.apps</c>), one request each.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Labels that the objects have; null: any.</summary>
    public string? Selector { get; init; }

    /// <summary>Fields that the objects have; null: any.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>With <c>metadata.managedFields</c>: who owns which field.</summary>
    public bool ManagedFields { get; init; }

    /// <summary>All objects of some kinds.</summary>
    public static KubectlQuery OfKinds(params string[] kinds) => new() { Kinds = kinds };

    /// <summary>Some objects.</summary>
    public static KubectlQuery Of(params ObjectKey[] objects) => new() { Objects = objects };
}
