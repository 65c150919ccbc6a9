using System.Text.RegularExpressions;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// <c>overlays/E/patches</c>: what people change by hand, read as kustomize reads it: strategic merge patches in files or inline,
/// JSON patches with a target, and further resources.
/// </summary>
internal sealed class OverlayPatches
{
    private static readonly string[] s_read = ["apiVersion", "kind", "metadata", "patches", "resources"];

    private readonly string _folder;
    private readonly string _place;
    private readonly YamlMap? _kustomization;

    private OverlayPatches(string root, string environment)
    {
        _place = Layout.Patches(environment);
        _folder = Path.Combine(root, _place);
        var path = Path.Combine(_folder, Layout.Kustomization);
        _kustomization = File.Exists(path) ? Read(path).FirstOrDefault() as YamlMap : null;
    }

    /// <summary>The patches of an environment; none where there is no folder.</summary>
    /// <exception cref="DeployException">They use something of kustomize that is not read here.</exception>
    public static OverlayPatches Read(string root, string environment)
    {
        var patches = new OverlayPatches(root, environment);
        foreach (var (field, _) in patches._kustomization?.Where(e => !s_read.Contains(e.Key)) ?? [])
        {
            throw new DeployException(
                $"{patches._place}/{Layout.Kustomization}: render does not read '{field}'. Write it as patches or resources, " +
                $"or use `kubectl kustomize k8s/{Layout.Overlay(environment)}`.");
        }

        return patches;
    }

    /// <summary>Whether nothing is changed by hand.</summary>
    public bool IsEmpty => _kustomization is null
        || (_kustomization.List("patches") is null or { Count: 0 } && _kustomization.List("resources") is null or { Count: 0 });

    /// <summary>
    /// Applies them to <paramref name="objects"/>; returns what people should know: patches that match nothing or do nothing
    /// useful.
    /// </summary>
    public IReadOnlyList<string> Apply(List<YamlMap> objects)
    {
        var remarks = new List<string>();
        foreach (var file in Items<YamlScalar>("resources", "names of files"))
        {
            objects.AddRange(Read(Path.Combine(_folder, file.Text)).Select(d => IsObject(d)
                ? (YamlMap)d
                : throw new DeployException($"{_place}/{file.Text}: each document needs apiVersion, kind and metadata.name.")));
        }

        foreach (var patch in Items<YamlMap>("patches", "patches, each with path or patch"))
        {
            var place = patch.Text("path") is { } path ? $"{_place}/{path}" : $"{_place}/{Layout.Kustomization}";
            var documents = patch.Text("path") is { } file
                ? Read(Path.Combine(_folder, file))
                : YamlReader.ReadAll(patch.Text("patch") ?? "", place);
            foreach (var document in documents)
            {
                Apply(objects, document, patch.Map("target"), place, remarks);
            }
        }

        return remarks;
    }

    private static void Apply(List<YamlMap> objects, YamlNode document, YamlMap? target, string place, List<string> remarks)
    {
        if (document is YamlScalar || (target is null && !IsObject(document)))
        {
            throw new DeployException(
                $"{place}: a patch is a list of operations with a target, or has apiVersion, kind and metadata.name.");
        }

        var own = target is null ? ObjectKey.Of((YamlMap)document) : null;
        var matches = objects.Where(o => target is not null ? Matches(o, target, place) : ObjectKey.Of(o) == own).ToList();
        var described = Describe(own?.Kind ?? target!.Text("kind"), own?.Name ?? target!.Text("name"));
        if (matches.Count == 0)
        {
            remarks.Add($"{place}: matches nothing: there is no {described} in this environment.");
        }

        foreach (var one in matches)
        {
            if (one.Text("kind") == "ConfigMap")
            {
                remarks.Add(
                    $"{place}: changes the ConfigMap '{one.Map("metadata")!.Text("name")}', whose content belongs to the " +
                    "graph. Set the value in AppHost/Program.cs with In(…).");
            }

            var key = ObjectKey.Of(one);
            if (document is YamlList operations)
            {
                JsonPatch.Apply(one, operations, place);
            }
            else if (!StrategicMerge.Apply(one, (YamlMap)document))
            {
                objects.Remove(one);
            }

            if (ObjectKey.Of(one) != key)
            {
                throw new DeployException(
                    $"{place}: changes the kind or name of {Describe(key.Kind, key.Name)}, which a patch may not.");
            }
        }
    }

    private static bool IsObject(YamlNode document) => document is YamlMap map && map.Text("apiVersion") is { Length: > 0 }
        && map.Text("kind") is { Length: > 0 } && map.TextAt("metadata", "name") is { Length: > 0 };

    private static bool Matches(YamlMap one, YamlMap target, string place) =>
        Whole(target.Text("kind"), one.Text("kind"), place) && Whole(target.Text("name"), one.TextAt("metadata", "name"), place)
        && (target.Text("group") is not { } group || ResourceKind.GroupOf(one.Text("apiVersion")) == group)
        && (target.Text("version") is not { } version || one.Text("apiVersion")!.Split('/')[^1] == version)
        && (target.Text("labelSelector") is not { } labels || labels.Split(',').All(l => Label(one, l)));

    private static bool Label(YamlMap one, string requirement)
    {
        var parts = requirement.Split('=', 2, StringSplitOptions.TrimEntries);
        var value = one.Map("metadata")?.Map("labels")?.Text(parts[0]);
        return parts.Length == 1 ? value is not null : value == parts[1].TrimStart('=');
    }

    private static bool Whole(string? pattern, string? text, string place)
    {
        try
        {
            return pattern is null || (text is not null && Regex.IsMatch(text, $"^(?:{pattern})$"));
        }
        catch (RegexParseException)
        {
            throw new DeployException($"{place}: the target's '{pattern}' isn't a regular expression.");
        }
    }

    private static string Describe(string? kind, string? name) => $"{kind ?? "object"}{(name is null ? "" : $" '{name}'")}";

    private IEnumerable<T> Items<T>(string field, string what) where T : YamlNode =>
        _kustomization?[field] switch
        {
            null or YamlScalar { Kind: YamlScalarKind.Null } => [],
            YamlList list when list.All(i => i is T) => list.Cast<T>(),
            _ => throw new DeployException($"{_place}/{Layout.Kustomization}: '{field}' has to be a list of {what}."),
        };

    private IReadOnlyList<YamlNode> Read(string path)
    {
        var place = $"{_place}/{Path.GetRelativePath(_folder, path)}";
        return File.Exists(path)
            ? YamlReader.ReadAll(File.ReadAllText(path), place)
            : throw new DeployException($"{place} doesn't exist, but {Layout.Kustomization} lists it.");
    }
}
