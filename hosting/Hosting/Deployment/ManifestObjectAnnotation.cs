using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A Kubernetes object that the resource brings along as YAML text, such as an operator's resource.</summary>
/// <remarks>Labels, owner and namespace are added by publish; images in it are pinned like all others.</remarks>
internal sealed record ManifestObjectAnnotation(string Yaml) : IResourceAnnotation;
