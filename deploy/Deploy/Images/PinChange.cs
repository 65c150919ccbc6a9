namespace MonoRepo.Deploy.Images;

/// <summary>A pin that would change.</summary>
/// <param name="From">Its digest now; null where it has none.</param>
/// <param name="Tag">The tag that has this digest; null: the image is built here and has none.</param>
internal sealed record PinChange(string Image, string? From, string To, string? Tag = null)
{
    private const int Shown = 19;

    public override string ToString() => $"{Image}: {Short(From)} -> {Short(To)}";

    /// <summary>Enough of a digest to tell it from others: <c>sha256:0123456789ab</c>.</summary>
    public static string Short(string? digest) => digest is null
        ? "not pinned"
        : digest.Length > Shown ? digest[..Shown] : digest;
}
