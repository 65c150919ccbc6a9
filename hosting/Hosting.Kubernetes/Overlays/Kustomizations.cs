using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>Text of the kustomization files.</summary>
internal static class Kustomizations
{
    public static string Base(IReadOnlyList<string> resources, IReadOnlyList<YamlMap> generators, string application)
    {
        var kustomization = Header("kustomize.config.k8s.io/v1beta1", "Kustomization").Add("resources", Strings(resources));
        if (generators.Count > 0)
        {
            kustomization.Add("generatorOptions", GeneratorOptions(application));
            kustomization.Add("configMapGenerator", new YamlList(generators));
        }

        return Generated(kustomization);
    }

    public static string Overlay(
        string @namespace, IReadOnlyList<(string Name, string NewName)> images, IReadOnlyList<string> jobs)
    {
        var kustomization = Header("kustomize.config.k8s.io/v1beta1", "Kustomization").Add("namespace", @namespace)
            .Add("resources", Strings(["../../base"]))
            .Add("components", Strings(["settings", "images", "patches"]));
        if (images.Count > 0)
        {
            kustomization.Add(
                "images", new YamlList(images.Select(i => new YamlMap().Add("name", i.Name).Add("newName", i.NewName))));
        }

        if (jobs.Count > 0)
        {
            kustomization.Add("configurations", Strings([Layout.JobNames]));
            kustomization.Add("replacements", new YamlList(jobs.Select(PinnedImage)));
        }

        return Generated(kustomization);
    }

    /// <summary>The kustomize configuration by which a Job's name follows that of the ConfigMap of its settings.</summary>
    public static string JobNames()
    {
        var job = new YamlMap().Add("group", "batch").Add("kind", "Job").Add("path", "metadata/name");
        var reference = new YamlMap().Add("kind", "ConfigMap").Add("version", "v1").Add("fieldSpecs", new YamlList([job]));
        return Generated(new YamlMap().Add("nameReference", new YamlList([reference])));
    }

    public static string Settings(
        IReadOnlyList<string> resources, IReadOnlyList<string> patches, IReadOnlyList<YamlMap> generators, string application)
    {
        var kustomization = Header("kustomize.config.k8s.io/v1alpha1", "Component");
        if (resources.Count > 0)
        {
            kustomization.Add("resources", Strings(resources));
        }

        if (generators.Count > 0)
        {
            kustomization.Add("generatorOptions", GeneratorOptions(application));
            kustomization.Add("configMapGenerator", new YamlList(generators));
        }

        // A Component without any list is "empty" to kustomize.
        kustomization.Add("patches", new YamlList(patches.Select(p => new YamlMap().Add("path", p))));
        return Generated(kustomization);
    }

    public static YamlMap Generator(ConfigMapSource source, string? behavior, IEnumerable<string> paths)
    {
        var options = new YamlMap();
        if (!source.IsHashed)
        {
            options.Add("disableNameSuffixHash", YamlScalar.True);
        }

        options.Add("labels", new YamlMap().Add(KubernetesLabels.Name, source.Resource)).Add(
            "annotations", new YamlMap().Add(KubernetesLabels.Resource, source.Resource));
        var generator = new YamlMap().Add("name", source.Name);
        if (behavior is not null)
        {
            generator.Add("behavior", behavior);
        }

        return generator.Add(source.IsSettings ? "envs" : "files", Strings(paths)).Add("options", options);
    }

    private static YamlMap PinnedImage(string job)
    {
        var source = new YamlMap().Add("kind", "Job").Add("name", job).Add("fieldPath", "spec.template.spec.containers.0.image");
        var target = new YamlMap().Add("select", new YamlMap().Add("kind", "ConfigMap").Add("name", job))
            .Add("fieldPaths", Strings([$"data.{MonoRepo.Deploy.Rendering.JobNames.Image}"]));
        return new YamlMap().Add("source", source).Add("targets", new YamlList([target]));
    }

    private static YamlMap Header(string apiVersion, string kind) =>
        new YamlMap().Add("apiVersion", apiVersion).Add("kind", kind);

    private static YamlMap GeneratorOptions(string application) =>
        new YamlMap().Add("labels", new YamlMap().Add(
            KubernetesLabels.ManagedBy, KubernetesLabels.Manager).Add(KubernetesLabels.PartOf, application));

    private static YamlList Strings(IEnumerable<string> texts) => new(texts.Select(t => new YamlScalar(t)));

    private static string Generated(YamlMap kustomization) => Layout.GeneratedHeader + YamlWriter.ToText(kustomization);
}
