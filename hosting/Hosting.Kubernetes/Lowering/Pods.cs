using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Setup;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>Pod templates: restricted Pod Security, no API access, spread, priority.</summary>
internal static class Pods
{
    /// <summary>For images that name their user by a word or not at all; a kubelet has to see a number other than 0.</summary>
    private const long UnprivilegedUser = 1000;

    private const int DefaultGrace = 30;

    public static PodTemplate Template(LoweringContext context)
    {
        var workload = context.Workload;
        var beside = Containers.Beside(workload);
        return new(
            new(null, Labels(context), Metadata(workload, PodMetadataTarget.Pod)),
            Base(context) with
            {
                RestartPolicy = workload.IsServing ? null : "OnFailure",
                TerminationGracePeriodSeconds =
                    (long)(workload.Annotations.Last<TerminationAnnotation>()?.GracePeriod.TotalSeconds ?? DefaultGrace),
                TopologySpreadConstraints = workload.IsServing ? Spread(workload) : null,
                InitContainers = beside,
                Containers = [Containers.Main(workload)],
                Volumes = Volumes.Of(workload),
            });
    }

    /// <summary>Pods of a task have a name of their own, so that no Service takes them for members.</summary>
    public static PodTemplate Task(LoweringContext context, ScheduledTaskAnnotation task)
    {
        var name = WorkloadNames.Task(context.Workload.Name, task.Name);
        var volumes = Volumes.Of(context.Workload);
        return new(
            new(null, KubernetesLabels.Labels(name, context.Application)),
            Base(context) with
            {
                RestartPolicy = "OnFailure",
                Containers = [Containers.Task(context.Workload, task)],
                Volumes = task.Volume is null ? volumes : [.. volumes, new Volume(task.Name, PersistentVolumeClaim: new(name))],
            });
    }

    private static PodSpec Base(LoweringContext context) => new()
    {
        ServiceAccountName = context.Workload.Name,
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,
        PriorityClassName = context.Workload.Annotations.Last<PriorityClassAnnotation>()?.Name
            ?? (context.Workload.Kind == WorkloadKind.StatefulSet ? PriorityClasses.Stateful : PriorityClasses.Service),
        SecurityContext = Security(context.Workload),
        ImagePullSecrets = [.. context.Environment.PullSecrets.Select(s => new LocalObjectReference(s))],
        Containers = [],
    };

    private static PodSecurityContext Security(Workload workload)
    {
        var stated = workload.Annotations.Last<RunAsAnnotation>();
        long? user = stated?.User ?? (workload.IsBuiltHere ? null : UnprivilegedUser);
        long? group = stated?.Group ?? (workload.IsBuiltHere ? null : UnprivilegedUser);
        var hasVolumes = workload.Volumes.Count > 0
            || workload.Annotations.Named<ScheduledTaskAnnotation>(t => t.Name).Any(t => t.Volume is not null);

        // Also the Secret's files belong to this group, which the user of an image built here has beside its own.
        var hasGroup = hasVolumes || workload.Annotations.Has<MutualTlsAnnotation>();
        return new(true, user, group, hasGroup
            ? group ?? UnprivilegedUser
            : null, hasVolumes ? "OnRootMismatch" : null, new("RuntimeDefault"));
    }

    private static List<TopologySpreadConstraint> Spread(Workload workload)
    {
        var spread = workload.Annotations.Last<SpreadAnnotation>() ?? new("kubernetes.io/hostname", Required: false);
        // A rolling update counts the pods of its own generation only, or the old ones would push the new ones together.
        string[]? generation = workload.Kind == WorkloadKind.Deployment ? ["pod-template-hash"] : null;
        return [new(1, spread.TopologyKey, spread.Required
            ? "DoNotSchedule"
            : "ScheduleAnyway", KubernetesLabels.Selector(workload.Name), generation)];
    }

    private static Dictionary<string, string> Labels(LoweringContext context)
    {
        var labels = KubernetesLabels.Labels(context.Workload.Name, context.Application);
        foreach (var (key, value) in Metadata(context.Workload, PodMetadataTarget.PodLabel))
        {
            labels[key] = value;
        }

        return labels;
    }

    private static SortedDictionary<string, string> Metadata(Workload workload, PodMetadataTarget target)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var annotation in workload.Annotations.All<PodMetadataAnnotation>().Where(a => a.Target == target))
        {
            metadata[annotation.Key] = annotation.Value;
        }

        return metadata;
    }
}
