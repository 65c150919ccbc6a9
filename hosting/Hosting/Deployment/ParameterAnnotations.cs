using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The published value of a parameter that isn't a secret.</summary>
internal sealed record ParameterValueAnnotation(string Value) : IResourceAnnotation;

/// <summary>Which key of which Secret holds a secret parameter's value in the cluster.</summary>
/// <param name="Secret">Name of the Secret; null: the environment's own.</param>
/// <param name="Key">Key in it; null: the parameter's name.</param>
internal sealed record SecretKeyAnnotation(string? Secret, string? Key) : IResourceAnnotation;
