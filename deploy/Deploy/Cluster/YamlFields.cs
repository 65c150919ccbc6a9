using System.Globalization;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Reads deep fields of the API's objects: one that is not there is null, an absent list is empty.</summary>
internal static class YamlFields
{
    /// <summary>The value at a path of keys, or null.</summary>
    public static YamlNode? At(this YamlMap map, params ReadOnlySpan<string> path)
    {
        YamlNode? node = map;
        foreach (var key in path)
        {
            node = (node as YamlMap)?[key];
        }

        return node is YamlScalar { Kind: YamlScalarKind.Null } ? null : node;
    }

    /// <summary>The map at a path, or null.</summary>
    public static YamlMap? MapAt(this YamlMap map, params ReadOnlySpan<string> path) => map.At(path) as YamlMap;

    /// <summary>The text at a path, or null.</summary>
    public static string? TextAt(this YamlMap map, params ReadOnlySpan<string> path) => (map.At(path) as YamlScalar)?.Text;

    /// <summary>The whole number at a path, or null.</summary>
    public static long? NumberAt(this YamlMap map, params ReadOnlySpan<string> path) =>
        long.TryParse(map.TextAt(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;

    /// <summary>Whether <c>true</c> is at a path.</summary>
    public static bool IsTrue(this YamlMap map, params ReadOnlySpan<string> path) => map.TextAt(path) == "true";

    /// <summary>The moment at a path, or null.</summary>
    public static DateTimeOffset? TimeAt(this YamlMap map, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(map.TextAt(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time
        : null;

    /// <summary>The maps in the list at a path.</summary>
    public static IEnumerable<YamlMap> ItemsAt(this YamlMap map, params ReadOnlySpan<string> path) =>
        (map.At(path) as YamlList)?.OfType<YamlMap>() ?? [];
}
