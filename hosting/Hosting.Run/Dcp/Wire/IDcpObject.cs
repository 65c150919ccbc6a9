namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>An object of DCP's API, <c>usvc-dev.developer.microsoft.com/v1</c>. Only the fields that we use are there.</summary>
internal interface IDcpObject
{
    /// <summary>The kind, as it stands in the object.</summary>
    static abstract string KindName { get; }

    /// <summary>The kind, as it stands in the address.</summary>
    static abstract string Plural { get; }

    /// <summary>Name, version, annotations, owners.</summary>
    DcpMetadata Metadata { get; }
}
