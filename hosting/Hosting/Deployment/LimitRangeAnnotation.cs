using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Requests and limits of containers in an environment that state none, such as those of an operator.</summary>
public sealed record LimitRangeAnnotation(string CpuRequest, string MemoryRequest, string MemoryLimit) : IResourceAnnotation;
