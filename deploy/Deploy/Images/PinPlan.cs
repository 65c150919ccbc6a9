using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Deploy.Images;

/// <summary>What a promotion would change, before it does.</summary>
/// <param name="Changes">Pins that become other ones.</param>
/// <param name="Missing">Images that are wanted and have no digest where they should come from.</param>
internal sealed record PinPlan(IReadOnlyList<PinChange> Changes, IReadOnlyList<UsedImage> Missing)
{
    /// <summary>Compares the digests that images should have with the pins that they have.</summary>
    /// <param name="wanted">Digests by name, from another environment, a registry or a build.</param>
    /// <param name="pins">The pins of the environment that is promoted to.</param>
    public static PinPlan Of(IReadOnlyList<UsedImage> images, IReadOnlyDictionary<string, string> wanted, ImagePins pins)
    {
        var changes = from image in images
                      where wanted.ContainsKey(image.Name)
                      let now = pins.Digests.GetValueOrDefault(image.Name)
                      where now != wanted[image.Name] || pins.FindOutdated(image) is not null
                      select new PinChange(image.Name, now, wanted[image.Name], image.Tag);
        return new([.. changes], [.. images.Where(i => !wanted.ContainsKey(i.Name))]);
    }

    /// <summary>Writes the changed pins; those of other images stay as they are.</summary>
    public void Write(ImagePins pins, string root, string environment)
    {
        if (Changes.Count > 0)
        {
            Changes.ToList().ForEach(c => pins.Set(c.Image, c.To, c.Tag));
            pins.Write(root, environment);
        }
    }
}

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

/// <summary>An image that resources of an environment run.</summary>
/// <param name="Name">Without tag and digest, and without the environment's registry where it is built here: what pins
/// name.</param>
/// <param name="IsBuiltHere">It comes from this repository.</param>
internal sealed record UsedImage(string Name, string? Tag, bool IsBuiltHere);
