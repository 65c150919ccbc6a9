namespace MonoRepo.Deploy.Model;

/// <summary>A container of a pod; with <c>restartPolicy: Always</c> among the init containers it is a native sidecar.</summary>
internal sealed record Container
{
    public required string Name { get; init; }
    public required string Image { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public IReadOnlyList<string>? Args { get; init; }
    public string? RestartPolicy { get; init; }
    public IReadOnlyList<ContainerPort>? Ports { get; init; }
    public IReadOnlyList<EnvFromSource>? EnvFrom { get; init; }
    public IReadOnlyList<EnvVar>? Env { get; init; }
    public ResourceRequirements? Resources { get; init; }
    public Probe? StartupProbe { get; init; }
    public Probe? ReadinessProbe { get; init; }
    public Probe? LivenessProbe { get; init; }
    public Lifecycle? Lifecycle { get; init; }
    public SecurityContext? SecurityContext { get; init; }
    public IReadOnlyList<VolumeMount>? VolumeMounts { get; init; }
}

/// <summary>A port that the container listens on.</summary>
internal sealed record ContainerPort(string Name, [property: ModelName("containerPort")] int Port, string? Protocol = null);

/// <summary>All keys of a ConfigMap as variables.</summary>
internal sealed record EnvFromSource(LocalObjectReference ConfigMapRef);

/// <summary>One variable.</summary>
internal sealed record EnvVar(string Name, [property: KeepEmpty] string? Value = null, EnvVarSource? ValueFrom = null);

/// <summary>Where a variable's value is.</summary>
internal sealed record EnvVarSource(
    KeySelector? SecretKeyRef = null, FieldSelector? FieldRef = null, ResourceFieldSelector? ResourceFieldRef = null);

/// <summary>A key of a Secret or ConfigMap.</summary>
internal sealed record KeySelector(string Name, string Key, bool? Optional = null);

/// <summary>
/// A field of the pod. With the API server's default: it compares the whole, and another field manager's server-side apply
/// without the default would be a conflict.
/// </summary>
internal sealed record FieldSelector(string FieldPath, string ApiVersion = "v1");

/// <summary>A resource of a container of the pod; with the default for the same reason.</summary>
internal sealed record ResourceFieldSelector(string ContainerName, string Resource, string Divisor = "0");

/// <summary>CPU, memory and storage, reserved and allowed.</summary>
internal sealed record ResourceRequirements(
    IReadOnlyDictionary<string, string>? Requests = null, IReadOnlyDictionary<string, string>? Limits = null);

/// <summary>A question of the kubelet to a container.</summary>
internal sealed record Probe
{
    public ExecAction? Exec { get; init; }
    public HttpGetAction? HttpGet { get; init; }
    public GrpcAction? Grpc { get; init; }
    public TcpSocketAction? TcpSocket { get; init; }
    public int? InitialDelaySeconds { get; init; }
    public int? PeriodSeconds { get; init; }
    public int? TimeoutSeconds { get; init; }
    public int? SuccessThreshold { get; init; }
    public int? FailureThreshold { get; init; }
}

/// <summary>Runs a command.</summary>
internal sealed record ExecAction(IReadOnlyList<string> Command);

/// <summary>Asks by HTTP.</summary>
internal sealed record HttpGetAction(string Path, IntOrString Port, string? Scheme = null);

/// <summary>Asks by <c>grpc.health.v1</c>; the port is a number.</summary>
internal sealed record GrpcAction(int Port, string? Service);

/// <summary>Opens a connection.</summary>
internal sealed record TcpSocketAction(IntOrString Port);

/// <summary>Hooks.</summary>
internal sealed record Lifecycle(LifecycleHandler PreStop);

/// <summary>What a hook does.</summary>
internal sealed record LifecycleHandler(ExecAction? Exec = null, SleepAction? Sleep = null);

/// <summary>Waits.</summary>
internal sealed record SleepAction(int Seconds);

/// <summary>Security of one container.</summary>
internal sealed record SecurityContext(bool AllowPrivilegeEscalation, bool ReadOnlyRootFilesystem, Capabilities Capabilities);

/// <summary>Linux capabilities.</summary>
internal sealed record Capabilities(IReadOnlyList<string> Drop);
