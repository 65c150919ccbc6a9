using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The alerts of an environment's rules.</summary>
internal static class AlertNames
{
    /// <summary>Refuses a word that is meant for an alert of which an environment with rules has none.</summary>
    /// <exception cref="BadUsageException">No rule has the alert.</exception>
    public static void RefuseUnknown(
        EnvironmentContext environment, IReadOnlyList<SilenceMatcher> matchers, IReadOnlyList<string> words)
    {
        if (words.FirstOrDefault(w => matchers.Contains(SilenceMatcher.Alert(w))) is not { } name
            || Read(environment) is not { Count: > 0 } known || known.Contains(name))
        {
            return;
        }

        var hint = Suggestion.Closest(name, known) is { } closest
            ? $"Did you mean '{closest}'?"
            : $"There are: {string.Join(", ", known)}.";
        throw new BadUsageException(
            $"No rule of '{environment.Target.Environment}' has the alert '{name}'. {hint} For an alert of others, use " +
            $"alertname={name}.");
    }

    private static List<string> Read(EnvironmentContext environment) =>
    [
        .. new Renderer(environment.Tree).ReadPublished(environment.Target.Environment)
            .Where(o => o.Text("kind") == "PrometheusRule")
            .SelectMany(o => Maps(o.Map("spec"), "groups")).SelectMany(g => Maps(g, "rules"))
            .Select(r => r.Text("alert")).OfType<string>().Distinct().Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<YamlMap> Maps(YamlMap? parent, string key) => parent?.List(key)?.OfType<YamlMap>() ?? [];
}
