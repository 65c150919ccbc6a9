using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// Where images are: in every <c>containers</c> and <c>initContainers</c> list of any object, as kustomize finds them, and in
/// <c>spec.image</c> of operator resources, which pins name explicitly.
/// </summary>
internal static class ImageFields
{
    /// <summary>Operator kinds whose <c>spec.image</c> is an image.</summary>
    public static readonly IReadOnlyList<string> OperatorKinds = ["Prometheus", "Alertmanager", "ThanosRuler", "PrometheusAgent"];

    /// <summary>All images of an object.</summary>
    public static IEnumerable<string> Of(YamlMap one)
    {
        var images = new List<string>();
        Replace(one, image =>
        {
            images.Add(image);
            return image;
        });
        return images;
    }

    /// <summary>Replaces each image of an object by what <paramref name="with"/> makes of it.</summary>
    public static void Replace(YamlMap one, Func<string, string> with)
    {
        if (OperatorKinds.Contains(one.Text("kind")) && one.Map("spec") is { } spec)
        {
            Set(spec, with);
        }

        one.Visit((key, value) =>
        {
            if (key is "containers" or "initContainers" && value is YamlList containers)
            {
                containers.OfType<YamlMap>().ToList().ForEach(c => Set(c, with));
            }
        });
    }

    private static void Set(YamlMap owner, Func<string, string> with)
    {
        if (owner.Text("image") is { } image && with(image) is var replaced && replaced != image)
        {
            owner["image"] = new YamlScalar(replaced);
        }
    }
}

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
