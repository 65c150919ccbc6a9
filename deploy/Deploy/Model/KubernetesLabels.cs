namespace MonoRepo.Deploy.Model;

/// <summary>Labels and annotations that we write.</summary>
internal static class KubernetesLabels
{
    /// <summary>Label by which selectors find pods.</summary>
    public const string Name = "app.kubernetes.io/name";

    /// <summary>Label: the application.</summary>
    public const string PartOf = "app.kubernetes.io/part-of";

    /// <summary>Label: who wrote the object.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>Annotation: the resource of the graph that owns the object.</summary>
    public const string Resource = "monorepo/resource";

    /// <summary>Annotation on workloads: hash of the workload's own content in that environment.</summary>
    public const string Version = "monorepo/version";

    /// <summary>Annotation on workloads: the resources that the workload calls or waits for, separated by commas.</summary>
    public const string DependsOn = "monorepo/depends-on";

    /// <summary>
    /// Annotation on a StatefulSet whose members hold parts of its data: as JSON, the commands that move the data.
    /// </summary>
    public const string Scaling = "monorepo/scaling";

    /// <summary>
    /// Annotation on a live StatefulSet: its number of members is being changed, or the change was interrupted. Never in a
    /// manifest.
    /// </summary>
    public const string ScalingUnderWay = "monorepo/scaling-under-way";

    /// <summary>
    /// Annotation on a StatefulSet whose members let in by a secret: as JSON, its key and the commands that replace it.
    /// </summary>
    public const string MemberSecret = "monorepo/member-secret";

    /// <summary>Annotation on a CronJob that saves data: as JSON, the commands that put them back.</summary>
    public const string Restore = "monorepo/restore-commands";

    /// <summary>Value of <see cref="ManagedBy"/>.</summary>
    public const string Manager = "monorepo";

    /// <summary>Owner of objects that belong to the environment itself.</summary>
    public const string Environment = "environment";

    internal static Dictionary<string, string> Labels(string name, string application) =>
        new() { [ManagedBy] = Manager, [Name] = name, [PartOf] = application };

    internal static Dictionary<string, string> Owner(string resource) => new() { [Resource] = resource };

    internal static LabelSelector Selector(string name) => new(new Dictionary<string, string> { [Name] = name });
}
