using System.Globalization;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>RFC 6902: <c>[{op: replace, path: /spec/replicas, value: 3}]</c>.</summary>
internal static class JsonPatch
{
    public static void Apply(YamlMap target, YamlList operations, string place)
    {
        foreach (var item in operations)
        {
            if (item is not YamlMap operation || operation.Text("op") is not ("add" or "replace" or "remove" or "test")
                || operation.Text("path") is not { } path)
            {
                throw new DeployException(
                    $"{place}: each operation of a JSON patch needs a path and an op: add, replace, remove or test.");
            }

            if (!Apply(target, operation.Text("op"), [.. path.Split('/').Skip(1).Select(Unescape)], operation["value"]))
            {
                throw new DeployException(
                    $"{place}: cannot {operation.Text("op")} '{path}' in {target.Text("kind")} " +
                    $"'{target.Map("metadata")?.Text("name")}'.");
            }
        }
    }

    private static bool Apply(YamlMap target, string? operation, string[] path, YamlNode? value)
    {
        if (path.Length == 0)
        {
            return false; // the whole object
        }

        YamlNode? owner = target;
        foreach (var step in path[..^1])
        {
            owner = owner switch
            {
                YamlMap map => map[step],
                YamlList list when Index(step, list.Count) is { } at => list[at],
                _ => null,
            };
        }

        return (owner, operation) switch
        {
            (YamlMap map, "add") when value is not null => Set(map, path[^1], value),
            (YamlMap map, "replace") when value is not null && map[path[^1]] is not null => Set(map, path[^1], value),
            (YamlMap map, "remove") when map[path[^1]] is not null => Set(map, path[^1], null),
            (YamlMap map, "test") => YamlNode.DeepEquals(map[path[^1]], value),
            (YamlList list, "add") when value is not null => Insert(list, path[^1], value),
            (YamlList list, "replace") when value is not null && Index(path[^1], list.Count) is { } at => Set(list, at, value),
            (YamlList list, "remove") when Index(path[^1], list.Count) is { } at => Remove(list, at),
            (YamlList list, "test") when Index(path[^1], list.Count) is { } at => YamlNode.DeepEquals(list[at], value),
            _ => false,
        };
    }

    private static bool Set(YamlMap map, string key, YamlNode? value)
    {
        map[key] = value?.Clone();
        return true;
    }

    private static bool Set(YamlList list, int at, YamlNode value)
    {
        list[at] = value.Clone();
        return true;
    }

    private static bool Remove(YamlList list, int at)
    {
        list.RemoveAt(at);
        return true;
    }

    private static bool Insert(YamlList list, string step, YamlNode value)
    {
        if (step == "-")
        {
            list.Add(value.Clone());
            return true;
        }

        if (Index(step, list.Count + 1) is not { } at)
        {
            return false;
        }

        list.Insert(at, value.Clone());
        return true;
    }

    private static int? Index(string step, int count) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < count ? at : null;

    // ~1 is a slash and ~0 a tilde
    private static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
