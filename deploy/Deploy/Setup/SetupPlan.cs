using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>What has to exist before an environment can be applied; in the order in which it is made.</summary>
internal sealed record SetupPlan
{
    /// <summary>Name of the application, for labels.</summary>
    public required string Application { get; init; }

    /// <summary>The environment's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The environment's registry; null: none.</summary>
    public string? Registry { get; init; }

    /// <summary>CustomResourceDefinitions.</summary>
    public IReadOnlyList<YamlMap> Definitions { get; init; } = [];

    /// <summary>What runs the operators; none: that is left to others.</summary>
    public IReadOnlyList<YamlMap> Operators { get; init; } = [];

    /// <summary>The job that deploys the environment from git, with its rights; none: people deploy it.</summary>
    public IReadOnlyList<YamlMap> Deployer { get; init; } = [];

    /// <summary>Groups of people who deploy the environment; none: that is left to others.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The steps, without those that have nothing to do.</summary>
    public IReadOnlyList<SetupStep> Steps()
    {
        SetupStep[] steps =
        [
            new("namespace", null, [NamespaceFile.Object(Namespace, Application)]),
            new("priority classes", null, [
                PriorityClass(PriorityClasses.Service, 1000, "Services."),
                PriorityClass(PriorityClasses.Stateful, 2000, "Members that hold data: they leave a crowded node last."),
            ]),
            new("custom resource definitions", null, Definitions),
            new("registry", ClusterRegistry.Namespace, ClusterRegistry.NodePort(Registry) is { } port
                ? [NamespaceFile.Object(ClusterRegistry.Namespace, Application), .. ClusterRegistry.At(port)]
                : []),
            new("operators", OperatorManifests.Namespace, Operators.Count > 0
                ? [NamespaceFile.Object(OperatorManifests.Namespace, Application), .. Operators]
                : []),
            new("deployer", null, Deployer),
            new("access", null, DeployRole.For(Groups, Namespace, Application)),
        ];
        return [.. steps.Where(s => s.Objects.Count > 0)];
    }

    private YamlMap PriorityClass(string name, int value, string description)
    {
        var labels = YamlMap.Of(KubernetesLabels.Labels(KubernetesLabels.Environment, Application));
        return new YamlMap().Add("apiVersion", "scheduling.k8s.io/v1").Add("kind", "PriorityClass")
            .Add("metadata", new YamlMap().Add("name", name).Add("labels", labels))
            .Add("value", YamlScalar.Of(value)).Add("description", description);
    }
}

/// <summary>Objects that are made together.</summary>
/// <param name="Namespace">The namespace of those that have one; null: that of the environment.</param>
internal sealed record SetupStep(string Title, string? Namespace, IReadOnlyList<YamlMap> Objects);

/// <summary>What became of an object.</summary>
/// <param name="Did"><c>created</c>, <c>changed</c> or <c>unchanged</c>.</param>
internal sealed record SetupResult(string Step, ObjectKey Object, string Did);

/// <summary>The priority classes that every pod names one of; <c>setup</c> creates them.</summary>
internal static class PriorityClasses
{
    /// <summary>Pods of ordinary services.</summary>
    public const string Service = "monorepo-service";

    /// <summary>Members that hold data: a crowded node evicts them last.</summary>
    public const string Stateful = "monorepo-stateful";
}

/// <summary>
/// The namespace with its Pod Security labels. It is beside the overlay rather than in it: <c>setup</c> makes it, an environment
/// holds nothing that is cluster-wide. Aspirate reads the namespace's name from this file.
/// </summary>
internal static class NamespaceFile
{
    public static string Write(string name, string application) =>
        Layout.GeneratedHeader + YamlWriter.ToText(Object(name, application));

    public static YamlMap Object(string name, string application)
    {
        var labels = KubernetesLabels.Labels(KubernetesLabels.Environment, application);
        foreach (var mode in new[] { "enforce", "audit", "warn" })
        {
            labels[$"pod-security.kubernetes.io/{mode}"] = "restricted";
        }

        return ModelSerializer.ToMap(new Namespace(new(name, labels)));
    }
}
