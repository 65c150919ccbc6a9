using System.Text;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// The published files of all environments, which is all that rendering reads: a folder such as <c>k8s</c>, or what publish would
/// write there together with the image pins and patches that are there already.
/// </summary>
internal sealed class ManifestTree
{
    private readonly FileTree? _generated;

    private ManifestTree(string root, FileTree? generated)
    {
        Root = root;
        _generated = generated;
    }

    /// <summary>The folder, where image pins and patches are read.</summary>
    public string Root { get; }

    /// <summary>Names of the published environments.</summary>
    public IReadOnlyList<string> Environments => _generated is not null
        ? [.. _generated.Generated.Keys.Select(k => k.Split('/')).Where(p => p is ["overlays", _, Layout.Kustomization])
        .Select(p => p[1])]
        : Directory.Exists(Path.Combine(Root, "overlays"))
            ? [.. Directory.GetDirectories(Path.Combine(Root, "overlays")).Select(d => Path.GetFileName(d))
            .Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The files of a folder.</summary>
    public static ManifestTree Open(string root) => new(root, null);

    /// <summary>Files that are in memory, in place of those of a folder; what others own there counts.</summary>
    public static ManifestTree InMemory(FileTree generated, string root) => new(root, generated);

    /// <summary>The text of a file, by its path with <c>/</c>; null where there is none.</summary>
    public string? Find(string path)
    {
        if (_generated is not null)
        {
            return _generated.Generated.GetValueOrDefault(path);
        }

        var full = Path.Combine(Root, path);
        // All of it: ReadAllText would drop a byte order mark, which kustomize keeps.
        return File.Exists(full) ? Encoding.UTF8.GetString(File.ReadAllBytes(full)) : null;
    }

    /// <summary>The text of a file that another one names.</summary>
    /// <exception cref="DeployException">There is no such file.</exception>
    public string Read(string path) => Find(path)
        ?? throw new DeployException(
            $"{Path.GetFileName(Root)}/{path} is missing. Run `dotnet run --project AppHost -- publish`.");
}

/// <summary>Objects as a stream of YAML documents.</summary>
internal static class ManifestText
{
    /// <summary>The documents, separated by <c>---</c>.</summary>
    public static string Of(IEnumerable<YamlMap> objects, string header = "")
    {
        var text = new StringBuilder(header);
        var writer = new YamlWriter(text);
        foreach (var one in objects)
        {
            text.Append(text.Length == header.Length ? "" : "---\n");
            writer.Write(one);
        }

        return text.ToString();
    }
}
