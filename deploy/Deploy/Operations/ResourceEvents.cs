using System.Globalization;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Status;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Operations;

/// <summary>
/// The events of resources: those of their objects, and of what controllers made of these. They are told by name, since what an
/// event is about may be gone already: of <c>server-6c9f-x2x7</c> the longest name of a published object that it begins with is
/// <c>server</c>.
/// </summary>
internal sealed class ResourceEvents
{
    private readonly IReadOnlyList<(string Name, string Resource)> _names;
    private readonly IReadOnlySet<string>? _resources;

    /// <summary>The events of some resources.</summary>
    /// <param name="objects">The rendered objects of the environment.</param>
    /// <param name="resources">The resources; none: every event of the namespace.</param>
    public ResourceEvents(IReadOnlyList<YamlMap> objects, IReadOnlyCollection<string> resources)
    {
        _names =
        [
            .. objects.Select(o => new LiveObject(o)).Select(o => (o.Name, o.Resource)).Distinct()
                .OrderByDescending(o => o.Name.Length),
        ];
        _resources = resources.Count == 0 ? null : resources.ToHashSet();
    }

    /// <summary>Whether an event is about one of the resources.</summary>
    public bool Contains(LiveEvent one) =>
        _resources is null || (ResourceOf(one.Kind, one.Name) is { } resource && _resources.Contains(resource));

    /// <summary>An event as a line; the time comes first.</summary>
    public static string Line(LiveEvent one, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Ages.Of(now - one.Last),-6} {(one.IsWarning ? "Warning" : "Normal"),-8} {one.Reason,-24} {Object(one)}: " +
        $"{one.Message}{(one.Count > 1 ? $" ({one.Count} times)" : "")}");

    /// <summary>The same for scripts.</summary>
    public static JsonObject Json(LiveEvent one) => new()
    {
        ["last"] = one.Last.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        ["type"] = one.IsWarning ? "Warning" : "Normal",
        ["reason"] = one.Reason,
        ["object"] = Object(one),
        ["count"] = one.Count,
        ["message"] = one.Message,
    };

    private static string Object(LiveEvent one) => $"{one.Kind.ToLowerInvariant()}/{one.Name}";

    // A claim is named by its template before its StatefulSet: data-store-0.
    private string? ResourceOf(string kind, string name) => _names.FirstOrDefault(n =>
        name == n.Name || name.StartsWith(n.Name + "-", StringComparison.Ordinal)
        || (kind == "PersistentVolumeClaim" && name.Contains($"-{n.Name}-", StringComparison.Ordinal))).Resource;
}
