using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// The image pins of an environment: <c>overlays/E/images/&lt;file&gt;.yaml</c>, one kustomize image transformer each, and the
/// <c>kustomization.yaml</c> that lists them. Only <c>promote</c> writes them.
/// </summary>
internal sealed class ImagePins
{
    private const string TagAnnotation = "monorepo/tag";

    private readonly SortedDictionary<string, string> _digests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tags = [];

    /// <summary>Image name (without tag) to digest (<c>sha256:…</c>).</summary>
    public IReadOnlyDictionary<string, string> Digests => _digests;

    /// <summary>Reads the pins of an environment; none where there is no folder.</summary>
    /// <exception cref="DeployException">A pin file cannot be read.</exception>
    public static ImagePins Read(string root, string environment)
    {
        var pins = new ImagePins();
        var folder = Path.Combine(root, Layout.Images(environment));
        foreach (var path in Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>())
        {
            if (Path.GetFileName(path) == Layout.Kustomization)
            {
                continue;
            }

            // metadata: {annotations: {monorepo/tag: 8.0.2}}, imageTag: {name: store, digest: sha256:0123…}
            var document = YamlReader.ReadAll(File.ReadAllText(path)).FirstOrDefault() as YamlMap;
            var tag = document?.Map("imageTag");
            if (tag?.Text("name") is not { } name || tag.Text("digest") is not { } digest
                || !digest.StartsWith("sha256:", StringComparison.Ordinal))
            {
                throw new DeployException(
                    $"{Layout.Images(environment)}/{Path.GetFileName(path)}: no imageTag with name and digest. Run `promote` " +
                    "again for this image.");
            }

            pins._digests[name] = digest;
            if (document!.Map("metadata")?.Map("annotations")?.Text(TagAnnotation) is { } pinned)
            {
                pins._tags[name] = pinned;
            }
        }

        return pins;
    }

    /// <summary>Adds or replaces a pin.</summary>
    /// <param name="tag">The tag that had this digest; null: the image is built here and has none.</param>
    public void Set(string image, string digest, string? tag = null)
    {
        _digests[image] = digest;
        if (tag is null)
        {
            _tags.Remove(image);
        }
        else
        {
            _tags[image] = tag;
        }
    }

    /// <summary>The tag of which an image is pinned, where the graph has another one by now; else null.</summary>
    public string? FindOutdated(UsedImage image) =>
        image.Tag is not null && _tags.TryGetValue(image.Name, out var tag) && tag != image.Tag ? tag : null;

    /// <summary>Writes the pins of an environment; files of images that are no longer pinned go.</summary>
    public void Write(string root, string environment)
    {
        var folder = Path.Combine(root, Layout.Images(environment));
        Directory.CreateDirectory(folder);
        var files = _digests.ToDictionary(p => FileName(p.Key), p => PinText(p.Key, p.Value, _tags.GetValueOrDefault(p.Key)));
        files[Layout.Kustomization] = SeedKustomizations.Pins(_digests.Keys.Select(FileName));
        foreach (var stale in Directory.GetFiles(folder, "*.yaml").Where(f => !files.ContainsKey(Path.GetFileName(f))))
        {
            File.Delete(stale);
        }

        foreach (var (name, text) in files)
        {
            var temporary = Path.Combine(folder, $".{name}.{Environment.ProcessId}.tmp");
            File.WriteAllText(temporary, text);
            File.Move(temporary, Path.Combine(folder, name), overwrite: true);
        }
    }

    /// <summary>The reference with its digest, where it is pinned.</summary>
    public string Pin(string image)
    {
        var reference = ImageReference.Parse(image);
        return _digests.TryGetValue(reference.Name, out var digest) ? $"{reference.Name}@{digest}" : image;
    }

    private static string FileName(string image) => image.Replace('/', '-').Replace(':', '-') + ".yaml";

    private static string PinText(string image, string digest, string? tag)
    {
        var metadata = new YamlMap().Add("name", Path.GetFileNameWithoutExtension(FileName(image)));
        if (tag is not null)
        {
            metadata.Add("annotations", new YamlMap().Add(TagAnnotation, tag));
        }

        var fields = new YamlList(ImageFields.OperatorKinds.Select(k => new YamlMap().Add("path", "spec/image").Add("kind", k)));
        return YamlWriter.ToText(new YamlMap().Add("apiVersion", "builtin").Add("kind", "ImageTagTransformer")
            .Add("metadata", metadata)
            .Add("imageTag", new YamlMap().Add("name", image).Add("digest", digest))
            .Add("fieldSpecs", fields));
    }
}

/// <summary>
/// Where others work, what runs is said by digest. Only <c>personal</c> takes images as they come; <c>dev</c> takes third-party
/// tags, and wants digests of what is built here, which has no tag.
/// </summary>
internal static class PinRule
{
    /// <summary>The environment that is every developer's own.</summary>
    public const string Personal = "personal";

    private const string Development = "dev";

    /// <exception cref="DeployException">The environment wants digests and images have none.</exception>
    public static void ThrowIfUnpinned(string environment, IReadOnlyList<string> images)
    {
        List<string> lacking = environment.ToLowerInvariant() switch
        {
            Personal => [],
            Development => [.. images.Where(i => ImageReference.Parse(i).Tag is null)],
            _ => [.. images],
        };
        if (lacking.Count > 0)
        {
            throw new DeployException(
                $"'{environment}' takes images by digest only; these have none: {string.Join(", ", lacking)}. Pin them with " +
                "`promote`, or look at them with --unpinned.");
        }
    }
}
