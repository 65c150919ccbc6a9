using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Reads a resource of the graph into a <see cref="Workload"/>.</summary>
internal static class WorkloadReader
{
    public static Workload Read(EnvironmentGraph graph, WorkloadEntry entry, ValidationErrors errors)
    {
        var (resource, annotations) = (entry.Resource, entry.Annotations);
        var resolver = new ValueResolver(graph, resource, errors);
        var variables = new VariableReader(graph, entry, resolver, errors);
        variables.Read();
        var arguments = variables.Arguments();
        var volumes = MountReader.Volumes(resource, annotations, errors);
        var kind = Kind(resource, annotations, volumes, errors);
        var (image, isBuiltHere) = Image(resource, WorkloadNames.Image(resource, graph.Model.Workloads), annotations, errors);
        return new()
        {
            Resource = resource,
            Name = entry.Name,
            Kind = kind,
            Image = image,
            IsBuiltHere = isBuiltHere,
            Command = Command(resource, annotations, errors),
            Arguments = arguments,
            Replicas = Replicas(resource, annotations, errors),
            Autoscaling = Autoscaling(resource, kind, annotations, errors),
            Resources = ResourcesReader.Read(resource, annotations, errors),
            Ports = entry.Ports,
            Settings = variables.Settings,
            Variables = variables.Variables,
            Files = MountReader.Files(resource, annotations, errors),
            History = History(graph, annotations),
            Volumes = volumes,
            WritablePaths = [.. annotations.Named<WritablePathAnnotation>(w => w.Path)],
            Startup = ProbeReader.Read(PodProbe.Startup, resource, annotations, entry.Ports, errors),
            Readiness = ProbeReader.Read(PodProbe.Readiness, resource, annotations, entry.Ports, errors),
            Liveness = ProbeReader.Read(PodProbe.Liveness, resource, annotations, entry.Ports, errors),
            Edges = resolver.Edges,
            Dependencies = Dependencies(graph, entry, resolver),
            Annotations = annotations,
        };
    }

    // What is common to all environments has none.
    private static ActivityLogMount? History(EnvironmentGraph graph, EffectiveAnnotations annotations) =>
        annotations.Last<ActivityLogMountAnnotation>() is { } mount && graph.Environment.Name is { } environment
        ? new(ActivityLog.NameOf(graph.Model.Application, environment), mount.Path)
        : null;

    private static IReadOnlyList<string> Dependencies(EnvironmentGraph graph, WorkloadEntry entry, ValueResolver resolver) =>
    [
        .. resolver.Edges.Select(e => e.Target)
            .Concat(entry.Annotations.All<WaitAnnotation>().Select(w => graph.Find(w.Resource)?.Name).OfType<string>())
            .Where(n => n != entry.Name)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static WorkloadKind Kind(
        IResource resource, EffectiveAnnotations annotations, IReadOnlyList<WorkloadVolume> volumes, ValidationErrors errors)
    {
        var isStateful = annotations.Has<StableIdentityAnnotation>() || volumes.Count > 0;
        var isJob = annotations.Has<RunsToCompletionAnnotation>();
        var isScheduled = annotations.Has<ScheduleAnnotation>();
        if ((isStateful ? 1 : 0) + (isJob ? 1 : 0) + (isScheduled ? 1 : 0) > 1)
        {
            errors.Add(resource.Name, "kind", "keeps state and runs to an end, or both once and on a schedule",
                "choose one of WithStableIdentity or a volume, PublishAsJob and PublishAsCronJob");
        }

        return isScheduled
            ? WorkloadKind.CronJob
            : isJob ? WorkloadKind.Job : isStateful ? WorkloadKind.StatefulSet : WorkloadKind.Deployment;
    }

    private static IReadOnlyList<string> Command(IResource resource, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        var command = annotations.Last<CommandAnnotation>()?.Command
            ?? (resource is ContainerResource { Entrypoint: { } entrypoint } ? [entrypoint] : []);
        return command.All(word => ProcessText.Check(word, resource, "command", errors)) ? command : [];
    }

    private static (string Image, bool IsBuiltHere) Image(
        IResource resource, string name, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        if (resource is ProjectResource || annotations.Has<DockerfileBuildAnnotation>())
        {
            return (name, true);
        }

        if (annotations.Last<ContainerImageAnnotation>() is not { } image)
        {
            errors.Add(resource.Name, "image", "is an executable of this machine and has no image",
                "exclude it with ExcludeFromManifest() or add it as a container or project");
            return (name, true);
        }

        if (image.SHA256 is null && image.Tag is null or "latest")
        {
            errors.Add(resource.Name, "image", $"'{image.Image}' has no exact version", "give a tag other than latest");
        }

        var path = image.Registry is null ? image.Image : $"{image.Registry}/{image.Image}";
        return (image.SHA256 is { } digest ? $"{path}@sha256:{digest}" : $"{path}:{image.Tag}", false);
    }

    private static int Replicas(IResource resource, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        var replicas = annotations.Last<ReplicaAnnotation>()?.Replicas ?? 1;
        if (replicas < 0)
        {
            errors.Add(resource.Name, "replicas", $"{replicas} is negative", "give 0 or more");
        }

        return replicas;
    }

    private static AutoscalingAnnotation? Autoscaling(
        IResource resource, WorkloadKind kind, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        if (annotations.Last<AutoscalingAnnotation>() is not { } scaling)
        {
            return null;
        }

        if (scaling.Min < 1 || scaling.Max < scaling.Min)
        {
            errors.Add(resource.Name, "autoscaling", $"min {scaling.Min}, max {scaling.Max} is no range", "give 1 <= min <= max",
                scaling.Line);
        }

        if (scaling.TargetCpu is < 1 or > 100)
        {
            errors.Add(resource.Name, "autoscaling", $"target CPU {scaling.TargetCpu} is no percentage", "give 1 to 100",
                scaling.Line);
        }

        if (kind != WorkloadKind.Deployment)
        {
            errors.Add(resource.Name, "autoscaling", $"a {kind} is not scaled by load", "remove WithAutoscaling", scaling.Line);
        }

        return scaling;
    }
}
