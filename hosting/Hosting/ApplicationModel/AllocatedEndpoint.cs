namespace Aspire.Hosting.ApplicationModel;

/// <summary>The address that the run engine gave to an endpoint.</summary>
public class AllocatedEndpoint
{
    /// <summary>An address in a network.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="address">Host name or IP address.</param>
    /// <param name="port">Port, 1 to 65535.</param>
    /// <param name="bindingMode">How many addresses the endpoint is bound to.</param>
    /// <param name="targetPortExpression">Text that the run engine replaces by the port that the process listens on.</param>
    /// <param name="networkId">The network; null means the host's loopback.</param>
    public AllocatedEndpoint(
        EndpointAnnotation endpoint,
        string address,
        int port,
        EndpointBindingMode bindingMode,
        string? targetPortExpression = null,
        NetworkIdentifier? networkId = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);

        Endpoint = endpoint;
        Address = address;
        Port = port;
        BindingMode = bindingMode;
        TargetPortExpression = targetPortExpression;
        NetworkID = networkId ?? KnownNetworkIdentifiers.LocalhostNetwork;
    }

    /// <summary>An address on the host's loopback.</summary>
    public AllocatedEndpoint(
        EndpointAnnotation endpoint,
        string address,
        int port,
        EndpointBindingMode bindingMode,
        string? targetPortExpression = null)
        : this(endpoint, address, port, bindingMode, targetPortExpression, networkId: null)
    {
    }

    /// <summary>A single address on the host's loopback.</summary>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
        : this(endpoint, address, port, EndpointBindingMode.SingleAddress, targetPortExpression, networkId: null)
    {
    }

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Host name or IP address.</summary>
    public string Address { get; }

    /// <summary>How many addresses the endpoint is bound to.</summary>
    public EndpointBindingMode BindingMode { get; }

    /// <summary>Port.</summary>
    public int Port { get; }

    /// <summary>Text that the run engine replaces by the port that the process listens on.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>The network in which the address has a meaning.</summary>
    public NetworkIdentifier NetworkID { get; }

    /// <summary>Scheme of the URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>host:port.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>scheme://host:port.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc cref="UriString" />
    public override string ToString() => UriString;
}

/// <summary>How many addresses an endpoint is bound to.</summary>
public enum EndpointBindingMode
{
    /// <summary>One.</summary>
    SingleAddress,

    /// <summary>All of IPv4 and IPv6.</summary>
    DualStackAnyAddresses,

    /// <summary>All of IPv4.</summary>
    IPv4AnyAddresses,

    /// <summary>All of IPv6.</summary>
    IPv6AnyAddresses,
}
