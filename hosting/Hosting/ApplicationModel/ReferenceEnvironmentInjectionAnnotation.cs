namespace Aspire.Hosting.ApplicationModel;

/// <summary>States which variables a reference injects.</summary>
/// <param name="flags">The kinds of variables.</param>
public sealed class ReferenceEnvironmentInjectionAnnotation(ReferenceEnvironmentInjectionFlags flags) : IResourceAnnotation
{
    /// <summary>The kinds of variables.</summary>
    public ReferenceEnvironmentInjectionFlags Flags { get; } = flags;
}

/// <summary>Kinds of variables that a reference injects.</summary>
[Flags]
public enum ReferenceEnvironmentInjectionFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>ConnectionStrings__name.</summary>
    ConnectionString = 1,

    /// <summary>NAME_HOST, NAME_PORT …</summary>
    ConnectionProperties = 2,

    /// <summary>services__name__endpoint__index.</summary>
    ServiceDiscovery = 4,

    /// <summary>NAME_ENDPOINT.</summary>
    Endpoints = 8,

    /// <summary>All of them.</summary>
    All = ConnectionString | ConnectionProperties | ServiceDiscovery | Endpoints,
}
