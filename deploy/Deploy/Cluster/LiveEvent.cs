using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Something that happened to an object.</summary>
/// <param name="IsWarning">Whether it is more than news.</param>
/// <param name="Reason">One word: <c>Unhealthy</c>, <c>Pulling</c>.</param>
/// <param name="Container">The container of the pod, where it is about one.</param>
/// <param name="Last">When it happened last.</param>
internal sealed record LiveEvent(
    string Uid, bool IsWarning, string Reason, string Message, string? Container, long Count, DateTimeOffset Last)
{
    /// <summary>Kind of the object.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Name of the object.</summary>
    public string Name { get; init; } = "";

    /// <summary>Reads an event of the core API; newer reporters leave the old time fields empty.</summary>
    public static LiveEvent Of(YamlMap one) => new(
        one.TextAt("involvedObject", "uid") ?? "",
        one.TextAt("type") == "Warning",
        one.TextAt("reason") ?? "",
        OneLine.Of(one.TextAt("message")),
        ContainerOf(one.TextAt("involvedObject", "fieldPath")),
        one.NumberAt("series", "count") ?? one.NumberAt("count") ?? 1,
        one.TimeAt("series", "lastObservedTime") ?? one.TimeAt("lastTimestamp") ?? one.TimeAt("eventTime")
            ?? one.TimeAt("metadata", "creationTimestamp") ?? default)
    {
        Kind = one.TextAt("involvedObject", "kind") ?? "",
        Name = one.TextAt("involvedObject", "name") ?? "",
    };

    // spec.containers{store}
    private static string? ContainerOf(string? path)
    {
        var open = path?.IndexOf('{', StringComparison.Ordinal) ?? -1;
        return open >= 0 && path![^1] == '}' ? path[(open + 1)..^1] : null;
    }
}
