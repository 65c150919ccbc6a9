using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A folder that the container may write to although its root is read-only: an emptyDir.</summary>
public sealed record WritablePathAnnotation(string Path, string SizeLimit) : IResourceAnnotation;
