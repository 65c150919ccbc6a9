using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The value that a parameter which is no secret has in what is published.</summary>
internal sealed record ParameterValueAnnotation(string Value) : IResourceAnnotation;

/// <summary>Which key of which Secret holds a secret parameter's value in the cluster.</summary>
/// <param name="Secret">Name of the Secret; null: the environment's own.</param>
/// <param name="Key">Key in it; null: the parameter's name.</param>
internal sealed record SecretKeyAnnotation(string? Secret, string? Key) : IResourceAnnotation;
