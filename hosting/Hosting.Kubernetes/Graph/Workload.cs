using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>What kind of object a workload becomes.</summary>
internal enum WorkloadKind
{
    /// <summary>Interchangeable pods.</summary>
    Deployment,

    /// <summary>Members with names and volumes.</summary>
    StatefulSet,

    /// <summary>Runs once.</summary>
    Job,

    /// <summary>Runs on a schedule.</summary>
    CronJob,
}

/// <summary>
/// All that publishing has to know of a resource in one environment, read from the graph; nothing here is Kubernetes' doing yet.
/// </summary>
internal sealed record Workload
{
    public required IResource Resource { get; init; }

    /// <summary>Its name as DNS wants it.</summary>
    public required string Name { get; init; }

    /// <summary>Deployment, StatefulSet, Job or CronJob.</summary>
    public required WorkloadKind Kind { get; init; }

    /// <summary>Image reference of the main container; the short name where it is built here.</summary>
    public required string Image { get; init; }

    /// <summary>The image comes from this repository, so the environment's registry has it.</summary>
    public required bool IsBuiltHere { get; init; }

    /// <summary>Entrypoint, or none to keep the image's.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Arguments; secrets in them as <c>$(VARIABLE)</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Fixed number of replicas.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Number of replicas by load.</summary>
    public AutoscalingAnnotation? Autoscaling { get; init; }

    /// <summary>CPU and memory.</summary>
    public required ResourceRequirements Resources { get; init; }

    /// <summary>What it listens on.</summary>
    public IReadOnlyList<WorkloadPort> Ports { get; init; } = [];

    /// <summary>Plain configuration, published as a ConfigMap.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables with a source, or with several lines, or composed of such.</summary>
    public IReadOnlyList<EnvVar> Variables { get; init; } = [];

    public IReadOnlyList<MountedFilesAnnotation> Files { get; init; } = [];

    /// <summary>The ConfigMap of what was done to the environment, and where it appears; null: nowhere.</summary>
    public ActivityLogMount? History { get; init; }

    /// <summary>Volumes that outlive the pods.</summary>
    public IReadOnlyList<WorkloadVolume> Volumes { get; init; } = [];

    /// <summary>Folders to write to.</summary>
    public IReadOnlyList<WritablePathAnnotation> WritablePaths { get; init; } = [];

    public Probe? Startup { get; init; }

    public Probe? Readiness { get; init; }

    public Probe? Liveness { get; init; }

    /// <summary>Whom it calls.</summary>
    public IReadOnlySet<WorkloadEdge> Edges { get; init; } = new HashSet<WorkloadEdge>();

    /// <summary>Whether it asks its callers for tokens.</summary>
    public bool ChecksCallers { get; init; }

    /// <summary>Names of the services that it has tokens for, sorted.</summary>
    public IReadOnlyList<string> TokensFor { get; init; } = [];

    /// <summary>Names of the workloads that it calls or waits for, sorted.</summary>
    public IReadOnlyList<string> Dependencies { get; init; } = [];

    /// <summary>Other settings, as they were made.</summary>
    public required EffectiveAnnotations Annotations { get; init; }

    /// <summary>Name of the Service whose name resolves to every member.</summary>
    public string HeadlessName => WorkloadNames.Headless(Name);

    /// <summary>
    /// Callers have to see every member: it has stable members or speaks HTTP/2, whose connections stay where they are.
    /// </summary>
    public bool IsHeadless => Kind == WorkloadKind.StatefulSet || Ports.Any(p => p.IsHttp2);

    /// <summary>It serves for as long as it is there, unlike a job.</summary>
    public bool IsServing => Kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet;
}

/// <summary>A port that a workload listens on.</summary>
/// <param name="Name">Name of the port: at most 15 characters.</param>
/// <param name="Number">The same number in container and Service.</param>
/// <param name="IsHttp2">HTTP/2 alone, as gRPC inside of the cluster.</param>
internal sealed record WorkloadPort(string Endpoint, string Name, int Number, string Scheme, bool IsHttp2, bool IsExternal)
{
    /// <summary>The https endpoint of a local run that this port serves in a pod, where TLS ends at the way in.</summary>
    public string? TlsEndpoint { get; init; }

    /// <summary>Callers have to show a certificate: <see cref="MutualTlsAnnotation"/>.</summary>
    public bool RequiresCertificate { get; init; }

    /// <summary>Whether it serves an endpoint of the graph.</summary>
    internal bool Serves(string endpoint) =>
        string.Equals(Endpoint, endpoint, StringComparison.OrdinalIgnoreCase)
        || string.Equals(TlsEndpoint, endpoint, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A volume that outlives the pods.</summary>
internal sealed record WorkloadVolume(string Name, string MountPath, bool IsReadOnly, string Size, string? StorageClass);

/// <summary>A call from one workload to a port of another.</summary>
internal readonly record struct WorkloadEdge(string Target, int Port);

/// <summary>Names that follow from a workload's.</summary>
internal static class WorkloadNames
{
    public static string Of(IResource resource) => resource.Name.ToLowerInvariant();

    /// <summary>
    /// The image of what is built here: of a project that runs on a schedule, that of the service of the same project.
    /// </summary>
    public static string Image(IResource resource, IReadOnlyList<IResource> workloads) => Of(
        resource.HasAnnotationOfType<ScheduleAnnotation>()
            && resource.Annotations.OfType<IProjectMetadata>().FirstOrDefault() is { } project
            ? workloads.FirstOrDefault(w => !w.HasAnnotationOfType<ScheduleAnnotation>()
                && w.Annotations.OfType<IProjectMetadata>().Any(p => p.ProjectPath == project.ProjectPath)) ?? resource
            : resource);

    public static string Headless(string name) => name + "-headless";

    public static string Settings(string name) => name;

    public static string Files(string name, string suffix) => $"{name}-{suffix}";

    public static string Task(string name, string suffix) => $"{name}-{suffix}";
}

/// <summary>What was done to the environment, as a file.</summary>
internal sealed record ActivityLogMount(string ConfigMap, string Path)
{
    public string Folder => Path[..Path.LastIndexOf('/')];

    public string File => Path[(Path.LastIndexOf('/') + 1)..];
}
