using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A Secret with registry credentials that every pod of the environment pulls images with.</summary>
public sealed record ImagePullSecretAnnotation(string Secret) : IResourceAnnotation;
