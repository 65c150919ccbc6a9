using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The value that a parameter which is no secret has in what is published.</summary>
public sealed record ParameterValueAnnotation(string Value) : IResourceAnnotation;
