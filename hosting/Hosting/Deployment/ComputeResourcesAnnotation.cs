using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>CPU and memory of the main container, as Kubernetes quantities (<c>250m</c>, <c>512Mi</c>).</summary>
/// <remarks>A value that is not given keeps the one set earlier, or the default.</remarks>
public sealed record ComputeResourcesAnnotation(
    string? CpuRequest, string? CpuLimit, string? MemoryRequest, string? MemoryLimit, SourceLine Line) : IResourceAnnotation;
