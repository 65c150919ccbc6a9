namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>Configuration section <c>DcpPublisher</c>.</summary>
internal sealed record DcpOptions
{
    /// <summary>The dcp executable: <c>DcpPublisher:CliPath</c>, else <c>$ASPIRE_DCP_PATH/dcp</c>, else the AppHost's metadata <c>dcpclipath</c>.</summary>
    public string? CliPath { get; init; }

    /// <summary>docker or podman; null: DCP looks for itself.</summary>
    public string? ContainerRuntime { get; init; }

    /// <summary>Drop the fixed public ports of proxied endpoints, so that several AppHosts run side by side. Default false.</summary>
    public bool RandomizePorts { get; init; }

    /// <summary>Appended to instance names in place of the random letters.</summary>
    public string? ResourceNameSuffix { get; init; }

    /// <summary>How long <c>dcp info</c> may take. Default 25 s, as Aspire's.</summary>
    public TimeSpan DependencyCheckTimeout { get; init; } = TimeSpan.FromSeconds(25);
}
