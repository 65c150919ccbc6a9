namespace MonoRepo.Hosting;

/// <summary>An image: registry/repository:tag or registry/repository@sha256:digest.</summary>
internal sealed record ImageName(string? Registry, string Repository, string? Tag, string? Digest)
{
    internal static ImageName Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        const string digestMark = "@sha256:";
        string? digest = null;
        string? tag = null;
        var rest = text;
        var at = rest.IndexOf(digestMark, StringComparison.Ordinal);
        if (at >= 0)
        {
            digest = rest[(at + digestMark.Length)..];
            rest = rest[..at];
        }
        else if (rest.LastIndexOf(':') is var colon and > 0 && !rest[colon..].Contains('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
        }

        // As Docker reads it: the first part is a registry when it looks like a host.
        var slash = rest.IndexOf('/');
        if (slash > 0 && (rest.AsSpan(0, slash).IndexOfAny('.', ':') >= 0 || rest[..slash] == "localhost"))
        {
            return new ImageName(rest[..slash], rest[(slash + 1)..], tag, digest);
        }

        return new ImageName(null, rest, tag, digest);
    }
}
