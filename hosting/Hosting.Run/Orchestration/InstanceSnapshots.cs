using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>What DCP says about a process or container, in the words of the resource model.</summary>
internal static class InstanceSnapshots
{
    /// <summary>The snapshot with what DCP knows of the process.</summary>
    public static CustomResourceSnapshot Update(CustomResourceSnapshot snapshot, IResource resource, DcpExecutable executable, ImmutableArray<UrlSnapshot> urls)
    {
        var status = executable.Status;
        var arguments = (status?.EffectiveArgs ?? executable.Spec.Args).ToImmutableArray();
        var sensitivity = executable.Metadata.Annotations?.GetValueOrDefault(ObjectMetadata.ArgumentSensitivity) ?? "";
        var result = snapshot with
        {
            State = StateOf(status?.State, snapshot.State),
            ExitCode = status?.ExitCode,
            CreationTimeStamp = executable.Metadata.CreationTimestamp?.UtcDateTime,
            StartTimeStamp = status?.StartupTimestamp?.UtcDateTime,
            StopTimeStamp = status?.FinishTimestamp?.UtcDateTime,
            EnvironmentVariables = Environment(status?.EffectiveEnv, executable.Spec.Env),
            Urls = urls,
        };
        result = result
            .WithProperty(KnownProperties.ExecutablePath, executable.Spec.ExecutablePath)
            .WithProperty(KnownProperties.ExecutableWorkDir, executable.Spec.WorkingDirectory)
            .WithProperty(KnownProperties.ExecutableArgs, arguments, isSensitive: true)
            // The dashboard's grid shows these, and without them all arguments in clear.
            .WithProperty(KnownProperties.AppArgs, arguments.TakeLast(sensitivity.Length).ToImmutableArray(), isSensitive: sensitivity.Contains('1', StringComparison.Ordinal))
            .WithProperty(KnownProperties.AppArgsSensitivity, sensitivity.Select(flag => flag - '0').ToImmutableArray())
            .WithProperty(KnownProperties.ExecutablePid, status?.Pid);
        return resource.Annotations.OfType<Aspire.Hosting.IProjectMetadata>().LastOrDefault() is { } project
            ? result.WithProperty(KnownProperties.ProjectPath, project.ProjectPath)
            : result;
    }

    /// <summary>The snapshot with what DCP knows of the container.</summary>
    public static CustomResourceSnapshot Update(CustomResourceSnapshot snapshot, DcpContainer container, ImmutableArray<UrlSnapshot> urls)
    {
        var status = container.Status;
        return (snapshot with
        {
            State = StateOf(status?.State, snapshot.State),
            // DCP's -1 says that the container has no exit code.
            ExitCode = status?.ExitCode is -1 ? null : status?.ExitCode,
            CreationTimeStamp = container.Metadata.CreationTimestamp?.UtcDateTime,
            StartTimeStamp = status?.StartupTimestamp?.UtcDateTime,
            StopTimeStamp = status?.FinishTimestamp?.UtcDateTime,
            EnvironmentVariables = Environment(status?.EffectiveEnv, container.Spec.Env),
            Volumes = [.. container.Spec.VolumeMounts.Select(mount => new VolumeSnapshot(mount.Source, mount.Target, mount.Type, mount.ReadOnly))],
            Urls = urls,
        })
            .WithProperty(KnownProperties.ContainerImage, container.Spec.Image)
            .WithProperty(KnownProperties.ContainerId, status?.ContainerId)
            .WithProperty(KnownProperties.ContainerCommand, container.Spec.Command)
            .WithProperty(KnownProperties.ContainerArgs, (status?.EffectiveArgs ?? container.Spec.Args).ToImmutableArray(), isSensitive: true)
            .WithProperty(KnownProperties.ContainerPorts, container.Spec.Ports.Select(port => port.ContainerPort).ToImmutableArray())
            .WithProperty(KnownProperties.ContainerLifetime, container.Spec.Persistent is true ? ContainerLifetime.Persistent.ToString() : ContainerLifetime.Session.ToString());
    }

    /// <summary>DCP's words are the model's. Before DCP has begun there is none: what we said last stays.</summary>
    private static ResourceStateSnapshot? StateOf(string? state, ResourceStateSnapshot? last) => state switch
    {
        null or "" or "Pending" => last,
        "Terminated" => KnownResourceStates.Finished,
        _ => state,
    };

    private static ImmutableArray<EnvironmentVariableSnapshot> Environment(IReadOnlyList<DcpEnvVar>? effective, IReadOnlyList<DcpEnvVar> spec)
    {
        var stated = spec.Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. (effective ?? [])
                .Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value ?? "", stated.Contains(variable.Name)))
                .OrderBy(variable => variable.Name, StringComparer.Ordinal),
        ];
    }
}
