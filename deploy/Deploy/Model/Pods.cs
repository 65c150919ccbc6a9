namespace MonoRepo.Deploy.Model;

/// <summary>What every pod of a workload looks like.</summary>
internal sealed record PodTemplate(ObjectMeta Metadata, PodSpec Spec);

internal sealed record PodSpec
{
    public string? ServiceAccountName { get; init; }
    public bool? AutomountServiceAccountToken { get; init; }
    public bool? EnableServiceLinks { get; init; }
    public string? PriorityClassName { get; init; }
    public string? RestartPolicy { get; init; }
    public long? TerminationGracePeriodSeconds { get; init; }
    public PodSecurityContext? SecurityContext { get; init; }
    public IReadOnlyList<LocalObjectReference>? ImagePullSecrets { get; init; }
    public IReadOnlyList<TopologySpreadConstraint>? TopologySpreadConstraints { get; init; }
    public IReadOnlyList<Container>? InitContainers { get; init; }
    public required IReadOnlyList<Container> Containers { get; init; }
    public IReadOnlyList<Volume>? Volumes { get; init; }
}

/// <summary>A name of an object of a known kind.</summary>
internal sealed record LocalObjectReference(string Name);

/// <summary>Spreading over places.</summary>
internal sealed record TopologySpreadConstraint(
    int MaxSkew, string TopologyKey, string WhenUnsatisfiable, LabelSelector LabelSelector,
    IReadOnlyList<string>? MatchLabelKeys = null);

/// <summary>Security of all containers of a pod.</summary>
internal sealed record PodSecurityContext(
    bool? RunAsNonRoot, long? RunAsUser, long? RunAsGroup, long? FsGroup, string? FsGroupChangePolicy,
    SeccompProfile? SeccompProfile);

/// <summary>System call filter.</summary>
internal sealed record SeccompProfile(string Type);

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

/// <summary>Where a volume appears in a container.</summary>
internal sealed record VolumeMount(string Name, string MountPath, string? SubPath = null, bool? ReadOnly = null);

/// <summary>A volume of a pod.</summary>
internal sealed record Volume(
    string Name, EmptyDirVolume? EmptyDir = null, ConfigMapVolume? ConfigMap = null, ClaimVolume? PersistentVolumeClaim = null,
    SecretVolume? Secret = null,
    ProjectedVolume? Projected = null);

/// <summary>An empty folder that ends with the pod.</summary>
internal sealed record EmptyDirVolume(string? SizeLimit);

/// <summary>Files of a ConfigMap.</summary>
internal sealed record ConfigMapVolume(
    string Name, int? DefaultMode = null, IReadOnlyList<KeyPath>? Items = null, bool? Optional = null);

/// <summary>A claim that is there already.</summary>
internal sealed record ClaimVolume(string ClaimName);

/// <summary>Keys of a Secret as files.</summary>
internal sealed record SecretVolume(string SecretName, int? DefaultMode = null, bool? Optional = null);

/// <summary>Files from several sources.</summary>
internal sealed record ProjectedVolume(IReadOnlyList<VolumeProjection> Sources);

/// <summary>One of the sources.</summary>
internal sealed record VolumeProjection(TokenProjection? ServiceAccountToken = null, ConfigMapProjection? ConfigMap = null);

/// <summary>A token of the pod's ServiceAccount for an audience; none is the API server.</summary>
internal sealed record TokenProjection(string? Audience, int ExpirationSeconds, string Path);

internal sealed record ConfigMapProjection(string Name, IReadOnlyList<KeyPath> Items);

/// <summary>A key and the file that it becomes.</summary>
internal sealed record KeyPath(string Key, string Path);
