using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Size of each volume claim of the resource, and the storage class when not the cluster's default.</summary>
/// <remarks>What is kept there is said by a volume mount (<see cref="ContainerMountAnnotation"/>).</remarks>
public sealed record StorageAnnotation(string Size, string? StorageClass, SourceLine Line) : IResourceAnnotation;
