namespace MonoRepo.Deploy.Rendering;

/// <summary><c>name[:tag][@digest]</c>.</summary>
internal readonly record struct ImageReference(string Name, string? Tag, string? Digest)
{
    /// <summary>Splits a reference; a colon before the last slash belongs to a port.</summary>
    public static ImageReference Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : text[(at + 1)..];
        var rest = at < 0 ? text : text[..at];
        var colon = rest.LastIndexOf(':');
        return colon > rest.LastIndexOf('/') ? new(rest[..colon], rest[(colon + 1)..], digest) : new(rest, null, digest);
    }

    public override string ToString() => $"{Name}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";
}
