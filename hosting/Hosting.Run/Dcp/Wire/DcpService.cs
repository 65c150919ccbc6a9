namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>An address that callers use: a TCP proxy of DCP before its producers, or, proxyless, the producer's own address.</summary>
internal sealed record DcpService : IDcpObject
{
    public static string KindName => "Service";

    public static string Plural => "services";

    public required DcpMetadata Metadata { get; init; }

    public required DcpServiceSpec Spec { get; init; }

    public DcpServiceStatus? Status { get; init; }
}

/// <param name="Address">The host to listen on, <c>localhost</c> or an address.</param>
/// <param name="Port">The public port; DCP picks a free one when it is null.</param>
/// <param name="AddressAllocationMode">Null = proxied on localhost; <c>Proxyless</c> = no proxy.</param>
internal sealed record DcpServiceSpec(string? Address, int? Port, string Protocol, string? AddressAllocationMode)
{
    public const string Proxyless = "Proxyless";
}

internal sealed record DcpServiceStatus
{
    public string? EffectiveAddress { get; init; }

    public int? EffectivePort { get; init; }

    public string? State { get; init; }
}

/// <summary>Made by DCP for every producer of a service that is up.</summary>
internal sealed record DcpEndpoint : IDcpObject
{
    public static string KindName => "Endpoint";

    public static string Plural => "endpoints";

    public required DcpMetadata Metadata { get; init; }

    public required DcpEndpointSpec Spec { get; init; }
}

internal sealed record DcpEndpointSpec
{
    public string? ServiceName { get; init; }

    public string? Address { get; init; }

    public int? Port { get; init; }
}

/// <summary>One entry of the <c>service-producer</c> annotation. Without a port DCP allocates one when <c>portForServing</c> is evaluated.</summary>
internal sealed record DcpServiceProducer(string ServiceName, string Address, int? Port);
