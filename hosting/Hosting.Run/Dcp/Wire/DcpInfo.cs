namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>What <c>dcp info</c> prints.</summary>
internal sealed record DcpInfo(string? Version, DcpContainerRuntime? Containers);

/// <param name="Runtime">docker or podman.</param>
/// <param name="HostName">How a container names this machine.</param>
internal sealed record DcpContainerRuntime(string? Runtime, string? HostName, bool Installed, bool Running, string? Error);
