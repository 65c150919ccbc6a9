using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rendering;

/// <summary>What an overlay's <c>replacements</c> and <c>job-names.yaml</c> do: see <see cref="JobNames"/>.</summary>
internal static class RenderedJobs
{
    /// <summary>Copies the image of each Job, pinned and with its registry, into its settings.</summary>
    public static void StateImages(List<YamlMap> objects, IReadOnlySet<string> jobs)
    {
        foreach (var job in Jobs(objects, jobs))
        {
            var settings = objects.Find(o => o.Text("kind") == "ConfigMap" && Name(o) == Name(job));
            var container = job.Map("spec")?.Map("template")?.Map("spec")?.List("containers")?.FirstOrDefault() as YamlMap;
            if (settings?.Map("data") is { } data && container?.Text("image") is { } image)
            {
                data[JobNames.Image] = new YamlScalar(image);
            }
        }
    }

    /// <summary>Gives each Job the name that its settings have got.</summary>
    public static void Name(List<YamlMap> objects, IReadOnlySet<string> jobs, IReadOnlyDictionary<string, string> names)
    {
        foreach (var job in Jobs(objects, jobs).ToList())
        {
            job.Map("metadata")!["name"] = new YamlScalar(names[Name(job)!]);
        }
    }

    private static IEnumerable<YamlMap> Jobs(List<YamlMap> objects, IReadOnlySet<string> jobs) =>
        jobs.Count == 0 ? [] : objects.Where(o => o.Text("kind") == "Job" && jobs.Contains(Name(o)!));

    private static string? Name(YamlMap one) => one.Map("metadata")!.Text("name");
}

/// <summary>
/// A Job can't change, so it gets a new name whenever what it runs is new. It is named like the ConfigMap of its settings, which
/// kustomize names by content, last of all: the settings therefore also state the Job's version and its image. The image is the
/// pinned one: the overlay copies it from the Job once pins and registry are applied.
/// </summary>
internal static class JobNames
{
    /// <summary>Setting: the image that the Job runs.</summary>
    public const string Image = "MONOREPO_IMAGE";

    /// <summary>Setting: hash of the Job's own content, its other settings and its files.</summary>
    public const string Version = "MONOREPO_VERSION";
}
