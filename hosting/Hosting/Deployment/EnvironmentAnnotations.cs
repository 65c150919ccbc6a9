using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// How external endpoints are reached from outside in an environment: host <c>&lt;resource&gt;.&lt;domain&gt;</c>.
/// </summary>
internal abstract record EnvironmentAccessAnnotation(string Domain) : IResourceAnnotation;

/// <summary>By an Ingress of a class; TLS with a named Secret, plain HTTP where there is none.</summary>
internal sealed record IngressAccessAnnotation(string ClassName, string Domain, string? TlsSecret)
    : EnvironmentAccessAnnotation(Domain);

/// <summary>
/// By Gateway API routes that attach to a Gateway which is already there, and to one of its listeners where named.
/// </summary>
internal sealed record GatewayAccessAnnotation(string Gateway, string GatewayNamespace, string Domain, string? Section)
    : EnvironmentAccessAnnotation(Domain);

/// <summary>A Secret with registry credentials that every pod of the environment pulls images with.</summary>
internal sealed record ImagePullSecretAnnotation(string Secret) : IResourceAnnotation;

/// <summary>The Secret that holds the environment's secret parameters, one key each.</summary>
internal sealed record ParameterSecretAnnotation(string Secret) : IResourceAnnotation
{
    /// <summary>Where an environment names none.</summary>
    public const string Default = "parameters";
}

/// <summary>Requests and limits of containers in an environment that state none, such as those of an operator.</summary>
internal sealed record LimitRangeAnnotation(string CpuRequest, string MemoryRequest, string MemoryLimit) : IResourceAnnotation;

/// <summary>What all pods of an environment may request together.</summary>
internal sealed record ResourceQuotaAnnotation(string Cpu, string Memory, int? Pods) : IResourceAnnotation;
