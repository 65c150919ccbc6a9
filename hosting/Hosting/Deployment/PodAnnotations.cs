using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Entrypoint and arguments of the main container, replacing the image's own.</summary>
internal sealed record CommandAnnotation(IReadOnlyList<string> Command) : IResourceAnnotation;

/// <summary>
/// A native sidecar container, which starts before the main container and stops after it: same image, variables, files and
/// volumes.
/// </summary>
/// <param name="Name">Container name, unique in the pod.</param>
internal sealed record SidecarAnnotation(string Name, IReadOnlyList<string> Command) : IResourceAnnotation;

/// <summary>
/// An environment variable whose value the pod knows: a field of itself (<c>status.podIP</c>, <c>metadata.name</c>) or of its
/// container's resources (<c>limits.memory</c>, in bytes).
/// </summary>
/// <param name="Field">Downward API path; <c>limits.*</c> and <c>requests.*</c> read the main container's resources.</param>
internal sealed record PodVariableAnnotation(string Name, string Field) : IResourceAnnotation;

/// <summary>What a <see cref="PodMetadataAnnotation"/> is put on.</summary>
internal enum PodMetadataTarget
{
    /// <summary>The pods, as an annotation.</summary>
    Pod,

    /// <summary>The pods, as a label; selectors never use it.</summary>
    PodLabel,

    /// <summary>The ServiceAccount that the pods run as, where clouds look for an IAM role.</summary>
    ServiceAccount,
}

/// <summary>A Kubernetes annotation or label on the pods, or an annotation on their ServiceAccount.</summary>
internal sealed record PodMetadataAnnotation(PodMetadataTarget Target, string Key, string Value) : IResourceAnnotation;

/// <summary>Name of the PriorityClass of the pods; the classes themselves are made by <c>setup</c>.</summary>
internal sealed record PriorityClassAnnotation(string Name) : IResourceAnnotation
{
    /// <summary>Stateful members: they leave a crowded node last.</summary>
    public const string Stateful = "monorepo-stateful";
}

/// <summary>User and group number of the containers, where the image does not say a number itself.</summary>
internal sealed record RunAsAnnotation(long User, long Group) : IResourceAnnotation;

/// <summary>CPU and memory of the main container, as Kubernetes quantities (<c>250m</c>, <c>512Mi</c>).</summary>
/// <remarks>A value that is not given keeps the one set earlier, or the default.</remarks>
internal sealed record ComputeResourcesAnnotation(
    string? CpuRequest, string? CpuLimit, string? MemoryRequest, string? MemoryLimit, SourceLine Line) : IResourceAnnotation;

/// <summary>How a pod leaves: what runs before TERM, and how long it may take altogether.</summary>
/// <param name="PreStop">Command run in the main container before TERM; null waits 5 s, so that callers stop coming
/// first.</param>
/// <param name="GracePeriod">From the wish to end to KILL, <paramref name="PreStop"/> included.</param>
internal sealed record TerminationAnnotation(IReadOnlyList<string>? PreStop, TimeSpan GracePeriod) : IResourceAnnotation;

/// <summary>The three questions that a kubelet asks a container.</summary>
public enum PodProbe
{
    /// <summary>Has it started? Until then the others are not asked.</summary>
    Startup,

    /// <summary>May it get traffic? Looks at dependencies.</summary>
    Readiness,

    /// <summary>Does it have to be restarted? Never looks at dependencies.</summary>
    Liveness,
}

/// <summary>Periods of a probe in seconds and the number of answers in a row that change its state.</summary>
/// <remarks>The startup probe makes an initial delay needless: with one, every pod of a rollout waits that long.</remarks>
public sealed record ProbeTiming(int Period = 5, int Timeout = 2, int FailureThreshold = 3, int InitialDelay = 0);

/// <summary>A probe by HTTP GET on an endpoint of the resource; 200 to 399 is good.</summary>
internal sealed record HttpProbeAnnotation(PodProbe Probe, string Endpoint, string Path, ProbeTiming Timing)
    : IResourceAnnotation;

/// <summary>A probe by <c>grpc.health.v1</c> on an endpoint of the resource.</summary>
/// <param name="Service">Service name in the health request; empty asks for the server as a whole.</param>
internal sealed record GrpcProbeAnnotation(PodProbe Probe, string Endpoint, string Service, ProbeTiming Timing)
    : IResourceAnnotation;

/// <summary>A probe that runs a command in the container; exit code 0 is good.</summary>
internal sealed record ExecProbeAnnotation(PodProbe Probe, IReadOnlyList<string> Command, ProbeTiming Timing)
    : IResourceAnnotation;

/// <summary>A HorizontalPodAutoscaler between two replica counts, by average CPU use.</summary>
/// <param name="Min">Fewest replicas, at least 1.</param>
/// <param name="Max">Most replicas, at least <paramref name="Min"/>.</param>
/// <param name="TargetCpu">Wanted average use in percent of the CPU request, 1 to 100.</param>
internal sealed record AutoscalingAnnotation(int Min, int Max, int TargetCpu, SourceLine Line) : IResourceAnnotation;

/// <summary>How members are spread over the cluster.</summary>
/// <param name="TopologyKey">Node label whose values are the places to spread over.</param>
/// <param name="Required">A member without a free place stays pending rather than sharing one.</param>
internal sealed record SpreadAnnotation(string TopologyKey, bool Required) : IResourceAnnotation;
