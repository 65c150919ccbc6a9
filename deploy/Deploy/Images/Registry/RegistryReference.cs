using System.Net;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Deploy.Images;

/// <summary>An image in a registry: <c>[host[:port]/]repository[:tag][@digest]</c>, read as Docker reads it.</summary>
/// <param name="Host">Registry, with its port if any.</param>
/// <param name="Repository">Path within the registry.</param>
/// <param name="Tag">Tag, if one is given.</param>
/// <param name="Digest"><c>sha256:…</c>, if one is given.</param>
internal sealed record RegistryReference(string Host, string Repository, string? Tag, string? Digest)
{
    /// <summary>Docker's own registry, which names without a host mean.</summary>
    public const string DockerHub = "docker.io";

    /// <summary>What the registry is asked for: the digest, else the tag, else <c>latest</c>.</summary>
    public string Version => Digest ?? Tag ?? "latest";

    /// <summary>
    /// Reads a reference. A first part with a dot or a port, or <c>localhost</c>, is the registry; <c>nginx</c> is
    /// <c>docker.io/library/nginx</c>.
    /// </summary>
    public static RegistryReference Parse(string text)
    {
        var (name, tag, digest) = ImageReference.Parse(text);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        if (first == "localhost" || first.Contains('.', StringComparison.Ordinal)
            || first.Contains(':', StringComparison.Ordinal))
        {
            return new(first, name[(slash + 1)..], tag, digest);
        }

        return new(DockerHub, slash < 0 ? $"library/{name}" : name, tag, digest);
    }

    public override string ToString() => new ImageReference($"{Host}/{Repository}", Tag, Digest).ToString();
}

/// <summary>Where the API of a registry is.</summary>
internal static class RegistryHost
{
    /// <summary>
    /// The address of a registry. Plain HTTP is for this machine only: <c>localhost</c>, what ends in <c>.localhost</c> (the
    /// names that k3d suggests; RFC 6761 keeps them on this machine) and loopback addresses. Everything else is HTTPS.
    /// </summary>
    internal static Uri Address(string host) => host == RegistryReference.DockerHub
        ? new Uri("https://registry-1.docker.io/")
        : new Uri($"{(IsLocal(host) ? "http" : "https")}://{host}/");

    internal static bool IsLocal(string host)
    {
        var name = Name(host);
        return IsLocalName(name) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

    internal static bool IsLocalName(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    // localhost:5000, [::1]:5000
    private static string Name(string host) =>
        host.StartsWith('[') ? host[1..Math.Max(1, host.IndexOf(']', StringComparison.Ordinal))] : host.Split(':')[0];
}
