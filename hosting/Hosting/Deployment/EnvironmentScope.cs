using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// A builder whose annotations count in one environment only. Extension methods that go through
/// <see cref="IResourceBuilder{T}.WithAnnotation{TAnnotation}(TAnnotation, ResourceAnnotationMutationBehavior)"/> or append to
/// the resource's annotations are recorded; what changes or removes a common annotation would leak into all environments and is
/// refused.
/// </summary>
internal sealed class EnvironmentScope<T>(IResourceBuilder<T> common, string environment, SourceLine line) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => common.ApplicationBuilder;

    public T Resource => common.Resource;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation
    {
        if (annotation is EnvironmentScopedAnnotation)
        {
            throw Refused("In(…) inside of In(…) names two environments");
        }

        Resource.Annotations.Add(new EnvironmentScopedAnnotation(environment, annotation, behavior, line));
        return this;
    }

    /// <summary>Runs <paramref name="configure"/>; appended annotations are moved into the scope.</summary>
    public void Record(Action<IResourceBuilder<T>> configure)
    {
        var before = Resource.Annotations.ToList();
        var images = before.OfType<ContainerImageAnnotation>().Select(Image).ToList();
        var endpoints = before.OfType<EndpointAnnotation>().Select(Endpoint).ToList();
        configure(this);
        var after = Resource.Annotations.ToList();
        if (before.Except(after).Any())
        {
            throw Refused("a setting replaced a common annotation");
        }

        if (!images.SequenceEqual(before.OfType<ContainerImageAnnotation>().Select(Image)))
        {
            throw Refused("the image cannot differ by environment in the graph; pins do that");
        }

        if (!endpoints.SequenceEqual(before.OfType<EndpointAnnotation>().Select(Endpoint)))
        {
            throw Refused(
                "endpoints are the same in every environment; an environment without WithIngress or WithGatewayRoutes opens " +
                "none of them");
        }

        foreach (var appended in after.Except(before).Where(a => a is not EnvironmentScopedAnnotation))
        {
            Resource.Annotations.Remove(appended);
            WithAnnotation(appended);
        }
    }

    private static (string?, string, string?, string?) Image(ContainerImageAnnotation image) =>
        (image.Registry, image.Image, image.Tag, image.SHA256);

    private static (string, int?, int?, string, string, bool) Endpoint(EndpointAnnotation endpoint) =>
        (endpoint.Name, endpoint.Port, endpoint.TargetPort, endpoint.UriScheme, endpoint.Transport, endpoint.IsExternal);

    private DistributedApplicationException Refused(string what) =>
        new($"{line}: In(\"{environment}\", …) on '{Resource.Name}': {what}.");
}

/// <summary>An annotation that counts in one deployment environment only, recorded by <c>In</c>.</summary>
/// <param name="Annotation">What the common settings gain there.</param>
/// <param name="Behavior">Replace: every annotation of that type gives way to it.</param>
internal sealed record EnvironmentScopedAnnotation(
    string Environment, IResourceAnnotation Annotation, ResourceAnnotationMutationBehavior Behavior,
    SourceLine Line) : IResourceAnnotation;

/// <summary>The resource exists in these deployment environments only; others neither contain nor reference it.</summary>
internal sealed record OnlyInAnnotation(IReadOnlyList<string> Environments, SourceLine Line) : IResourceAnnotation;

/// <summary>Where in the AppHost a setting was written, so that a refusal can name the line.</summary>
internal readonly record struct SourceLine(string? File, int Line)
{
    /// <summary><c>Program.cs:12</c>; the folder is left out, as it differs from machine to machine.</summary>
    public override string ToString() => File is null ? "" : $"{Path.GetFileName(File.Replace('\\', '/'))}:{Line}";
}

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

/// <summary>
/// Facts for publishing that follow from others (members from shards, say), computed once the environment is known.
/// </summary>
/// <param name="Facts">Pure: from the settings in force to the annotations that follow. What it returns replaces earlier ones of
/// its type.</param>
internal sealed record DeploymentFactsAnnotation(Func<DeploymentFactsContext, IEnumerable<IResourceAnnotation>> Facts)
    : IResourceAnnotation;

/// <summary>What a <see cref="DeploymentFactsAnnotation"/> may look at.</summary>
/// <param name="Environment">The environment; null for what is common to all.</param>
/// <param name="Annotations">The settings in force there.</param>
internal sealed record DeploymentFactsContext(
    IResource Resource, string? Environment, IReadOnlyList<IResourceAnnotation> Annotations)
{
    /// <summary>The setting of a type that was made last, or null.</summary>
    public T? Last<T>() where T : IResourceAnnotation => Annotations.OfType<T>().LastOrDefault();
}

/// <summary>The published value of a parameter that isn't a secret.</summary>
internal sealed record ParameterValueAnnotation(string Value) : IResourceAnnotation;

/// <summary>Which key of which Secret holds a secret parameter's value in the cluster.</summary>
/// <param name="Secret">Name of the Secret; null: the environment's own.</param>
/// <param name="Key">Key in it; null: the parameter's name.</param>
internal sealed record SecretKeyAnnotation(string? Secret, string? Key) : IResourceAnnotation;
