namespace Aspire.Hosting.ApplicationModel;

/// <summary>States how many copies of a resource run.</summary>
/// <param name="replicas">Number of copies.</param>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>Number of copies.</summary>
    public int Replicas { get; } = replicas;
}
