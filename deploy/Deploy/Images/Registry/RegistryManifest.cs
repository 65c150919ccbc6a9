namespace MonoRepo.Deploy.Images;

/// <summary>What a registry says of an image.</summary>
/// <param name="Digest"><c>sha256:…</c>; of the list where the image is there for several platforms.</param>
/// <param name="MediaType">One of <see cref="MediaTypes"/>.</param>
internal sealed record RegistryManifest(string Digest, string MediaType)
{
    /// <summary>What is asked for: images and lists of images, as OCI and as Docker name them.</summary>
    public static readonly IReadOnlyList<string> MediaTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];
}
