using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A further container of the pod: same image, variables, files and volumes as the main one.</summary>
/// <param name="Name">Container name, unique in the pod.</param>
/// <param name="Command">Command line.</param>
/// <param name="Kind">When it runs.</param>
/// <param name="Resources">CPU and memory; null: 10m/32Mi requested, 64Mi allowed.</param>
public sealed record SidecarAnnotation(
    string Name, IReadOnlyList<string> Command, SidecarKind Kind,
    ComputeResourcesAnnotation? Resources = null) : IResourceAnnotation
{
    /// <summary>Image where it is not the main container's.</summary>
    public string? Image { get; init; }
}

/// <summary>When a <see cref="SidecarAnnotation"/>'s container runs.</summary>
public enum SidecarKind
{
    /// <summary>To its end, before the main container starts.</summary>
    Init,

    /// <summary>Beside the main container: starts before it, ends after it (a native sidecar).</summary>
    Sidecar,
}
