using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>How objects are deleted.</summary>
public sealed record KubectlDelete
{
    /// <summary>What an object owns stays, such as the pods of a StatefulSet.</summary>
    public bool Orphan { get; init; }

    /// <summary>An object goes only after all that it owns has gone, pods for example.</summary>
    public bool Foreground { get; init; }

    /// <summary>Waits until the objects are gone, finalizers included.</summary>
    public bool Wait { get; init; }
}
