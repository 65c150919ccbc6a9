using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// Which resources a selection means, as the objects themselves state it: those named and, if deep, all that they depend on,
/// transitively.
/// </summary>
internal static class ResourceSelection
{
    /// <summary>The resource of the graph that an object belongs to; null for what people added.</summary>
    public static string? Owner(YamlMap one) => one.Map("metadata")?.Map("annotations")?.Text(KubernetesLabels.Resource);

    /// <summary>Names of the resources of the graph that have objects.</summary>
    public static HashSet<string> Names(IEnumerable<YamlMap> objects) =>
        [.. objects.Select(Owner).OfType<string>().Where(n => n != KubernetesLabels.Environment)];

    /// <summary>Names of the selected resources; all where none is named.</summary>
    /// <exception cref="UnknownNameException">A name is unknown in this environment.</exception>
    public static IReadOnlySet<string> Select(string environment, IReadOnlyList<YamlMap> objects, RenderSelection selection)
    {
        var known = Names(objects);
        if (selection.Resources.Count == 0)
        {
            return known;
        }

        var names = selection.Resources.Select(n => n.ToLowerInvariant()).ToList();
        var unknown = names.Where(n => !known.Contains(n)).ToList();
        if (unknown.Count > 0)
        {
            throw new UnknownNameException(
                $"'{environment}' has no resource {string.Join(", ", unknown.Select(n => $"'{n}'"))}. It has: " +
                $"{string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }

        var selected = new HashSet<string>();
        var dependencies = selection.Deep ? Dependencies(objects) : null;
        var waiting = new Queue<string>(names);
        while (waiting.TryDequeue(out var name))
        {
            if (selected.Add(name))
            {
                foreach (var dependency in dependencies?[name] ?? [])
                {
                    waiting.Enqueue(dependency);
                }
            }
        }

        return selected;
    }

    private static ILookup<string, string> Dependencies(IEnumerable<YamlMap> objects) => objects
        .Where(o => Owner(o) is not null)
        .SelectMany(o => (o.Map("metadata")!.Map("annotations")!.Text(KubernetesLabels.DependsOn) ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => (Name: Owner(o)!, Dependency: d)))
        .ToLookup(d => d.Name, d => d.Dependency);
}

/// <summary>Part of an environment.</summary>
/// <param name="Resources">Names of resources; none means all.</param>
/// <param name="Deep">Those that they depend on too, and what belongs to the environment itself.</param>
internal sealed record RenderSelection(IReadOnlyCollection<string> Resources, bool Deep)
{
    /// <summary>Everything.</summary>
    public static readonly RenderSelection All = new([], true);
}
