using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The Secret that holds the environment's secret parameters, one key each.</summary>
public sealed record ParameterSecretAnnotation(string Secret) : IResourceAnnotation
{
    /// <summary>Where an environment names none.</summary>
    public const string Default = "parameters";
}
