namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>What every object carries.</summary>
internal sealed record DcpMetadata
{
    public required string Name { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<DcpOwner>? OwnerReferences { get; init; }
}

/// <summary>The object that another one belongs to.</summary>
internal sealed record DcpOwner(string Kind, string Name);

/// <summary>An environment variable; DCP evaluates Go templates in the value.</summary>
internal sealed record DcpEnvVar(string Name, string? Value);
