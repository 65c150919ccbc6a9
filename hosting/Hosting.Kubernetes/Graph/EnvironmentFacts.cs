using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>An environment's own settings; for the base, the defaults.</summary>
internal sealed record EnvironmentFacts
{
    public static readonly EnvironmentFacts Common = new();

    /// <summary>Name; null is what is common to all.</summary>
    public string? Name { get; init; }

    /// <summary>Cluster, namespace and registry; null is what is common to all.</summary>
    public DeploymentTarget? Target { get; init; }

    public string ParameterSecret { get; init; } = ParameterSecretAnnotation.Default;

    /// <summary>Secrets that images are pulled with.</summary>
    public IReadOnlyList<string> PullSecrets { get; init; } = [];

    /// <summary>The way in, where there is one.</summary>
    public EnvironmentAccessAnnotation? Access { get; init; }

    /// <summary>What its pods may use together.</summary>
    public ResourceQuotaAnnotation? Quota { get; init; }

    /// <summary>Defaults of its containers.</summary>
    public LimitRangeAnnotation? Limits { get; init; }

    /// <summary>Who deploys it from git, where somebody does.</summary>
    public DeployerAnnotation? Deployer { get; init; }

    /// <summary>Who writes summaries of it, where somebody does.</summary>
    public SummaryAnnotation? Summary { get; init; }

    /// <summary>Where pods find a secret parameter.</summary>
    public KeySelector KeyOf(ParameterResource secret)
    {
        var key = new EffectiveAnnotations(secret, Name).Last<SecretKeyAnnotation>();
        return new(key?.Secret ?? ParameterSecret, key?.Key ?? secret.Name);
    }

    /// <summary>Reads a declared environment.</summary>
    public static EnvironmentFacts Of(DeploymentEnvironmentResource resource) => new()
    {
        Name = resource.Name,
        Target = resource.Target,
        ParameterSecret = resource.Annotations.OfType<ParameterSecretAnnotation>().LastOrDefault()?.Secret
            ?? ParameterSecretAnnotation.Default,
        PullSecrets = [.. resource.Annotations.OfType<ImagePullSecretAnnotation>().Select(p => p.Secret)],
        Access = resource.Annotations.OfType<EnvironmentAccessAnnotation>().LastOrDefault(),
        Quota = resource.Annotations.OfType<ResourceQuotaAnnotation>().LastOrDefault(),
        Limits = resource.Annotations.OfType<LimitRangeAnnotation>().LastOrDefault(),
        Deployer = resource.Annotations.OfType<DeployerAnnotation>().LastOrDefault(),
        Summary = resource.Annotations.OfType<SummaryAnnotation>().LastOrDefault(),
    };
}
