namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>A container of Docker or Podman.</summary>
internal sealed record DcpContainer : IDcpObject
{
    public static string KindName => "Container";

    public static string Plural => "containers";

    public required DcpMetadata Metadata { get; init; }

    public required DcpContainerSpec Spec { get; init; }

    public DcpContainerStatus? Status { get; init; }
}

internal sealed record DcpContainerSpec
{
    public required string Image { get; init; }

    public string? ContainerName { get; init; }

    public DcpContainerBuild? Build { get; init; }

    public IReadOnlyList<DcpVolumeMount> VolumeMounts { get; init => field = value ?? []; } = [];

    public IReadOnlyList<DcpContainerPort> Ports { get; init => field = value ?? []; } = [];

    public IReadOnlyList<DcpEnvVar> Env { get; init => field = value ?? []; } = [];

    /// <summary>The entry point.</summary>
    public string? Command { get; init; }

    public IReadOnlyList<string> Args { get; init => field = value ?? []; } = [];

    public IReadOnlyList<string> RunArgs { get; init => field = value ?? []; } = [];

    public IReadOnlyList<DcpContainerNetworkLink> Networks { get; init => field = value ?? []; } = [];

    public bool? Persistent { get; init; }

    /// <summary>always, missing or never.</summary>
    public string? PullPolicy { get; init; }

    public bool? Stop { get; init; }
}

internal sealed record DcpContainerStatus
{
    /// <summary>Pending, Building, Starting, Running, Paused, Stopping, Exited, FailedToStart, RuntimeUnhealthy or Unknown.</summary>
    public string? State { get; init; }

    public string? ContainerId { get; init; }

    public string? ContainerName { get; init; }

    public int? ExitCode { get; init; }

    public DateTimeOffset? StartupTimestamp { get; init; }

    public DateTimeOffset? FinishTimestamp { get; init; }

    public IReadOnlyList<DcpEnvVar>? EffectiveEnv { get; init; }

    public IReadOnlyList<string>? EffectiveArgs { get; init; }

    public string? Message { get; init; }
}

internal sealed record DcpContainerBuild(string Context, string? Dockerfile, IReadOnlyList<DcpEnvVar> Args, string? Stage);

/// <param name="Type">bind or volume.</param>
internal sealed record DcpVolumeMount(string Type, string? Source, string Target, bool ReadOnly);

/// <param name="HostPort">Only without a proxy; else DCP picks a port and forwards to it.</param>
internal sealed record DcpContainerPort(int ContainerPort, int? HostPort, string Protocol);

internal sealed record DcpContainerNetworkLink(string Name, IReadOnlyList<string> Aliases);

/// <summary>The network that all containers of a session share.</summary>
internal sealed record DcpContainerNetwork : IDcpObject
{
    public static string KindName => "ContainerNetwork";

    public static string Plural => "containernetworks";

    public required DcpMetadata Metadata { get; init; }

    public required DcpContainerNetworkSpec Spec { get; init; }
}

internal sealed record DcpContainerNetworkSpec(string NetworkName);
