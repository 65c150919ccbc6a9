using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>What the graph says about a container beyond arguments and environment.</summary>
internal sealed record ContainerPlan
{
    public required string Image { get; init; }

    public string? EntryPoint { get; init; }

    public string? ContainerName { get; init; }

    public bool IsPersistent { get; init; }

    public string? PullPolicy { get; init; }

    public DcpContainerBuild? Build { get; init; }

    public IReadOnlyList<DcpVolumeMount> Mounts { get; init; } = [];

    public IReadOnlyList<string> RunArguments { get; init; } = [];

    public IReadOnlyList<string> Aliases { get; init; } = [];
}
