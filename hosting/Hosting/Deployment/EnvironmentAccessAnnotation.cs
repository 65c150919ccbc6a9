using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// How external endpoints are reached from outside in an environment: host <c>&lt;resource&gt;.&lt;domain&gt;</c>.
/// </summary>
public abstract record EnvironmentAccessAnnotation(string Domain) : IResourceAnnotation;

/// <summary>By an Ingress of a class; TLS with a named Secret, plain HTTP where there is none.</summary>
public sealed record IngressAccessAnnotation(string ClassName, string Domain, string? TlsSecret)
    : EnvironmentAccessAnnotation(Domain);

/// <summary>
/// By Gateway API routes that attach to a Gateway which is already there, and to one of its listeners where named.
/// </summary>
public sealed record GatewayAccessAnnotation(string Gateway, string GatewayNamespace, string Domain, string? Section)
    : EnvironmentAccessAnnotation(Domain);
