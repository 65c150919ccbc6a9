using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private int? _port;
    private int? _targetPort;
    private bool _portIsNull;
    private bool _targetPortIsNull;
    private string? _transport;
    private bool? _tlsEnabled;

    /// <summary>An endpoint on the host's loopback.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">Scheme of the URL; null means tcp or udp.</param>
    /// <param name="transport">http, http2, tcp …; null means what the scheme implies.</param>
    /// <param name="name">Name, unique in the resource; null means the scheme.</param>
    /// <param name="port">Port that callers use; null means any free one.</param>
    /// <param name="targetPort">Port that the process listens on; null means any free one.</param>
    /// <param name="isExternal">Whether callers outside the application may use it.</param>
    /// <param name="isProxied">Whether a proxy stands before it; null leaves it to the engine (yes).</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
        : this(protocol, networkId: null, uriScheme, transport, name, port, targetPort, isExternal, isProxied)
    {
    }

    /// <summary>An endpoint whose proxying is decided.</summary>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme,
        string? transport,
        [EndpointName] string? name,
        int? port,
        int? targetPort,
        bool? isExternal,
        bool isProxied)
        : this(protocol, networkId: null, uriScheme, transport, name, port, targetPort, isExternal, (bool?)isProxied)
    {
    }

    /// <summary>An endpoint in a network whose proxying is decided.</summary>
    public EndpointAnnotation(
        ProtocolType protocol,
        NetworkIdentifier? networkId,
        string? uriScheme,
        string? transport,
        [EndpointName] string? name,
        int? port,
        int? targetPort,
        bool? isExternal,
        bool isProxied)
        : this(protocol, networkId, uriScheme, transport, name, port, targetPort, isExternal, (bool?)isProxied)
    {
    }

    /// <summary>An endpoint in a network.</summary>
    public EndpointAnnotation(
        ProtocolType protocol,
        NetworkIdentifier? networkId,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        uriScheme ??= protocol.ToString().ToLowerInvariant();
        name ??= uriScheme;
        ModelName.Validate(nameof(EndpointAnnotation), name);

        Protocol = protocol;
        UriScheme = uriScheme;
        _transport = transport;
        Name = name;
        _port = port;
        _targetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsExplicitlyProxied = isProxied;
        DefaultNetworkID = networkId ?? KnownNetworkIdentifiers.LocalhostNetwork;
    }

    /// <summary>Name, unique in the resource without regard to case.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>Port that callers use; without a proxy it is the target port unless set.</summary>
    public int? Port
    {
        get => _port ?? (IsProxied || _portIsNull ? null : _targetPort);
        set => (_port, _portIsNull) = (value, value is null);
    }

    /// <summary>Port that the process listens on; without a proxy it is the port unless set.</summary>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied || _targetPortIsNull ? null : _port);
        set => (_targetPort, _targetPortIsNull) = (value, value is null);
    }

    /// <summary>Scheme of the URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>Host that the process binds to. Default localhost.</summary>
    public string TargetHost { get; set; } = KnownHostNames.Localhost;

    /// <summary>What is spoken: http, http2, tcp … Default http for http and https, else the protocol.</summary>
    public string Transport
    {
        get => _transport ?? (IsScheme("http") || IsScheme("https") ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    /// <summary>Whether callers outside the application may use it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a proxy stands before it. Default true.</summary>
    public bool IsProxied
    {
        get => IsExplicitlyProxied ?? true;
        set => IsExplicitlyProxied = value;
    }

    /// <summary>What was said about the proxy; null means nothing.</summary>
    public bool? IsExplicitlyProxied { get; set; }

    /// <summary>Whether a reference to the whole resource leaves this endpoint out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Whether the endpoint speaks TLS. Default: when the scheme is https.</summary>
    public bool TlsEnabled
    {
        get => _tlsEnabled ?? IsScheme("https");
        set => _tlsEnabled = value;
    }

    /// <summary>The network that the endpoint belongs to.</summary>
    public NetworkIdentifier DefaultNetworkID { get; }

    /// <summary>The address in the default network; null until it is allocated.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => AllAllocatedEndpoints.TryGetAllocatedEndpoint(DefaultNetworkID, out var endpoint) ? endpoint : null;
        set
        {
            if (value is null)
            {
                AllAllocatedEndpoints.For(DefaultNetworkID).SetException(new InvalidOperationException($"The endpoint `{Name}` is not allocated"));
            }
            else
            {
                AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(DefaultNetworkID, value);
            }
        }
    }

    /// <summary>The addresses in all networks.</summary>
    public NetworkEndpointSnapshotList AllAllocatedEndpoints { get; } = new();

    internal bool FromLaunchProfile { get; set; }

    internal string? TargetPortEnvironmentVariable { get; set; }

    private bool IsScheme(string scheme) => string.Equals(UriScheme, scheme, StringComparison.OrdinalIgnoreCase);
}
