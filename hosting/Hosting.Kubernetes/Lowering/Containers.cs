using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Lowering;

/// <summary>The main container of a workload and those beside it.</summary>
internal static class Containers
{
    private const int DrainSeconds = 5;

    private static readonly SecurityContext s_restricted = new(false, true, new(["ALL"]));

    public static Container Main(Workload workload) => Common(workload) with
    {
        Name = workload.Name,
        Command = Escaped(workload.Command),
        Args = workload.Arguments,
        Ports = [.. workload.Ports.Select(p => new ContainerPort(p.Name, p.Number))],
        Resources = workload.Resources,
        StartupProbe = workload.IsServing ? workload.Startup : null,
        ReadinessProbe = workload.IsServing ? workload.Readiness : null,
        LivenessProbe = workload.IsServing ? workload.Liveness : null,
        Lifecycle = Lifecycle(workload),
    };

    public static IReadOnlyList<Container> Beside(Workload workload) =>
    [
        .. workload.Annotations.Named<SidecarAnnotation>(s => s.Name).Select(sidecar => Common(workload) with
        {
            Name = sidecar.Name,
            Command = Escaped(sidecar.Command),
            RestartPolicy = "Always",
            Resources = ResourcesReader.Sidecar,
        }),
    ];

    public static Container Task(Workload workload, ScheduledTaskAnnotation task) => Common(workload) with
    {
        Name = task.Name,
        Command = Escaped(task.Command),
        // The main container, whose limits these would be, is not in this pod.
        Env = [.. workload.Variables.Where(v => v.ValueFrom?.ResourceFieldRef is null)],
        Resources = ResourcesReader.Sidecar,
        VolumeMounts = [.. Volumes.Mounts(workload, claims: false), .. task.VolumePath is { } path
            ? [new VolumeMount(task.Name, path)]
            : Array.Empty<VolumeMount>()],
    };

    /// <summary>Commands that the graph states are run as they are.</summary>
    private static IReadOnlyList<string> Escaped(IReadOnlyList<string> command) => [.. command.Select(ResolvedValue.Escape)];

    private static Container Common(Workload workload) => new()
    {
        Name = workload.Name,
        Image = workload.Image,
        EnvFrom = workload.Settings.Count == 0 && workload.Kind != WorkloadKind.Job
            ? null
            : [new(new(WorkloadNames.Settings(workload.Name)))],
        Env = workload.Variables,
        SecurityContext = s_restricted,
        VolumeMounts = Volumes.Mounts(workload, claims: true),
    };

    /// <summary>Who serves waits before it ends, until no Service and no balancer sends new calls.</summary>
    private static Lifecycle? Lifecycle(Workload workload)
    {
        if (workload.Annotations.Last<TerminationAnnotation>() is { PreStop: { } command })
        {
            return new(new LifecycleHandler(Exec: new(command)));
        }

        return workload.IsServing && workload.Ports.Count > 0 ? new(new LifecycleHandler(Sleep: new(DrainSeconds))) : null;
    }
}
