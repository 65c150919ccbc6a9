using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>
/// Collects what belongs into one folder (the base or an environment's settings): of one resource, or of all put together.
/// </summary>
internal sealed class FolderBuilder(string folder)
{
    private readonly List<(string Path, string Text)> _files = [];

    public IReadOnlyList<(string Path, string Text)> Files => _files;

    public List<string> Resources { get; } = [];

    public List<string> Patches { get; } = [];

    public List<YamlMap> Generators { get; } = [];

    public List<string> Images { get; } = [];

    public List<string> Jobs { get; } = [];

    /// <summary>Appends what another resource has in the same folder.</summary>
    public void Append(FolderBuilder part)
    {
        _files.AddRange(part._files);
        Resources.AddRange(part.Resources);
        Patches.AddRange(part.Patches);
        Generators.AddRange(part.Generators);
        Images.AddRange(part.Images);
        Jobs.AddRange(part.Jobs);
    }

    public void AddObjects(string file, IReadOnlyList<YamlMap> objects)
    {
        if (objects.Count > 0)
        {
            _files.Add(($"{folder}/{file}", Documents(objects)));
            Resources.Add(file);
        }
    }

    public void AddPatches(string file, IReadOnlyList<YamlMap> patches)
    {
        if (patches.Count > 0)
        {
            _files.Add(($"{folder}/{file}", Documents(patches)));
            Patches.Add(file);
        }
    }

    public void AddConfigMap(ConfigMapSource source, string? behavior)
    {
        if (source.IsSettings)
        {
            _files.Add(($"{folder}/{source.Name}.env", SettingsFile.Write(source.Data)));
            Generators.Add(Kustomizations.Generator(source, behavior, [$"{source.Name}.env"]));
            return;
        }

        foreach (var (name, content) in source.Data)
        {
            _files.Add(($"{folder}/{source.Name}/{name}", content));
        }

        Generators.Add(Kustomizations.Generator(source, behavior, source.Data.Keys.Select(k => $"{source.Name}/{k}")));
    }

    private static string Documents(IReadOnlyList<YamlMap> objects) => ManifestText.Of(objects, Layout.GeneratedHeader);
}
