namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>A process.</summary>
internal sealed record DcpExecutable : IDcpObject
{
    public static string KindName => "Executable";

    public static string Plural => "executables";

    public required DcpMetadata Metadata { get; init; }

    public required DcpExecutableSpec Spec { get; init; }

    public DcpExecutableStatus? Status { get; init; }
}

internal sealed record DcpExecutableSpec
{
    public required string ExecutablePath { get; init; }

    public string? WorkingDirectory { get; init; }

    public string ExecutionType { get; init; } = "Process";

    public IReadOnlyList<string> Args { get; init => field = value ?? []; } = [];

    public IReadOnlyList<DcpEnvVar> Env { get; init => field = value ?? []; } = [];

    public bool? Stop { get; init; }
}

internal sealed record DcpExecutableStatus
{
    /// <summary>Empty before the start, then Starting, Running, Stopping, Finished, Terminated, FailedToStart or Unknown.</summary>
    public string? State { get; init; }

    public int? Pid { get; init; }

    public int? ExitCode { get; init; }

    public DateTimeOffset? StartupTimestamp { get; init; }

    public DateTimeOffset? FinishTimestamp { get; init; }

    public IReadOnlyList<DcpEnvVar>? EffectiveEnv { get; init; }

    public IReadOnlyList<string>? EffectiveArgs { get; init; }
}
