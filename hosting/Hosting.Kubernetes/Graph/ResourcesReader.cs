using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>CPU and memory of containers: always set, a limit never below its request.</summary>
internal static class ResourcesReader
{
    private const string DefaultCpu = "100m";
    private const string DefaultMemory = "128Mi";
    private const string DefaultMemoryLimit = "512Mi";

    /// <summary>Of containers that run beside the main one, and of scheduled tasks.</summary>
    public static ResourceRequirements Sidecar { get; } = Of("10m", null, "32Mi", "64Mi");

    public static ResourceRequirements Read(IResource resource, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        var merged = new ComputeResourcesAnnotation(null, null, null, null, default);
        foreach (var one in annotations.All<ComputeResourcesAnnotation>())
        {
            merged = new(one.CpuRequest ?? merged.CpuRequest, one.CpuLimit ?? merged.CpuLimit, one.MemoryRequest
                ?? merged.MemoryRequest, one.MemoryLimit ?? merged.MemoryLimit, one.Line);
        }

        Check(resource, "CPU", "500m or 2", merged.CpuRequest ?? DefaultCpu, merged.CpuLimit, merged.Line, errors);
        // A limit that was raised alone keeps the default request, one that was lowered alone takes the request with it.
        var memoryLimit = merged.MemoryLimit
            ?? (IsAbove(merged.MemoryRequest, DefaultMemoryLimit) ? merged.MemoryRequest! : DefaultMemoryLimit);
        var memory = merged.MemoryRequest ?? (IsAbove(DefaultMemory, memoryLimit) ? memoryLimit : DefaultMemory);
        Check(resource, "memory", "10Gi or 500Mi", memory, memoryLimit, merged.Line, errors);
        return Of(merged.CpuRequest ?? DefaultCpu, merged.CpuLimit, memory, memoryLimit);
    }

    public static void CheckSize(
        IResource resource, string field, string size, SourceLine line, ValidationErrors errors,
        string example = "10Gi or 500Mi")
    {
        if (!Quantity.TryParse(size.TrimStart('-'), out var amount))
        {
            errors.Add(resource.Name, field, $"'{size}' is no quantity", $"write it like {example}", line);
        }
        else if (amount <= 0 || size[0] == '-')
        {
            errors.Add(resource.Name, field, $"{size} has to be more than 0", $"write it like {example}", line);
        }
    }

    private static ResourceRequirements Of(string cpu, string? cpuLimit, string memory, string memoryLimit) => new(
        new Dictionary<string, string> { ["cpu"] = cpu, ["memory"] = memory },
        cpuLimit is null
            ? new Dictionary<string, string> { ["memory"] = memoryLimit }
            : new Dictionary<string, string> { ["cpu"] = cpuLimit, ["memory"] = memoryLimit });

    private static bool IsAbove(string? one, string other) =>
        one is not null && Quantity.TryParse(one, out var a) && Quantity.TryParse(other, out var b) && a > b;

    private static void Check(
        IResource resource, string what, string example, string request, string? limit, SourceLine line,
        ValidationErrors errors)
    {
        CheckSize(resource, $"{what} request", request, line, errors, example);
        if (limit is not null)
        {
            CheckSize(resource, $"{what} limit", limit, line, errors, example);
            if (IsAbove(request, limit))
            {
                errors.Add(resource.Name, $"{what} limit", $"{limit} is below the request {request}",
                    "raise the limit or lower the request", line);
            }
        }
    }
}
