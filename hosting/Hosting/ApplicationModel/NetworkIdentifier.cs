namespace Aspire.Hosting.ApplicationModel;

/// <summary>A network in which addresses have a meaning.</summary>
/// <param name="Value">Name of the network.</param>
public record NetworkIdentifier(string Value)
{
    /// <summary>The name.</summary>
    public override string ToString() => Value;
}

/// <summary>The networks that every application knows.</summary>
public static class KnownNetworkIdentifiers
{
    /// <summary>The host's loopback.</summary>
    public static readonly NetworkIdentifier LocalhostNetwork = new("localhost");

    /// <summary>Addresses that everybody reaches.</summary>
    public static readonly NetworkIdentifier PublicInternet = new(".");

    /// <summary>The network that the run engine's containers share.</summary>
    public static readonly NetworkIdentifier DefaultAspireContainerNetwork = new("aspire-container-network");
}

/// <summary>Host names that the engines use.</summary>
public static class KnownHostNames
{
    /// <summary>The loopback.</summary>
    public const string Localhost = "localhost";

    /// <summary>The host as a container of Docker Desktop sees it.</summary>
    public const string DockerDesktopHostBridge = "host.docker.internal";

    /// <summary>The host as a container sees it through the tunnel.</summary>
    public const string DefaultContainerTunnelHostName = "aspire.dev.internal";
}
