using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>What the graph says about a container, and whether there is anything to run it.</summary>
internal sealed partial class ContainerPlanner(DcpHost dcp, DcpProgram program, string application, ILogger<ContainerPlanner> logger)
{
    private readonly Lock _gate = new();
    private Task<string?>? _ready;

    /// <summary>The plan.</summary>
    /// <exception cref="DistributedApplicationException">No container runtime answers, or the resource has no image.</exception>
    public async Task<ContainerPlan> PlanAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (await ReadyAsync().WaitAsync(cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new DistributedApplicationException(fault);
        }

        var runArguments = new List<object>();
        foreach (var annotation in resource.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>())
        {
            await annotation.Callback(new ContainerRuntimeArgsCallbackContext(runArguments, cancellationToken)).ConfigureAwait(false);
        }

        var build = resource.Annotations.OfType<DockerfileBuildAnnotation>().LastOrDefault();
        return new ContainerPlan
        {
            Image = ImageOf(resource, build),
            EntryPoint = (resource as ContainerResource)?.Entrypoint,
            ContainerName = resource.Annotations.OfType<ContainerNameAnnotation>().LastOrDefault()?.Name,
            IsPersistent = IsPersistent(resource),
            PullPolicy = resource.Annotations.OfType<ContainerImagePullPolicyAnnotation>().LastOrDefault()?.ImagePullPolicy switch
            {
                ImagePullPolicy.Always => "always",
                ImagePullPolicy.Missing => "missing",
                ImagePullPolicy.Never => "never",
                _ => null,
            },
            Build = build is null ? null : new DcpContainerBuild(
                build.ContextPath,
                build.DockerfilePath,
                [.. build.BuildArguments.Select(argument => new DcpEnvVar(argument.Key, argument.Value?.ToString()))],
                build.Stage),
            Mounts =
            [
                .. resource.Annotations.OfType<ContainerMountAnnotation>().Select(mount => new DcpVolumeMount(
                    mount.Type == ContainerMountType.BindMount ? "bind" : "volume", mount.Source, mount.Target, mount.IsReadOnly)),
            ],
            RunArguments = [.. runArguments.Select(argument => argument.ToString()!)],
            Aliases = [.. resource.Annotations.OfType<ContainerNetworkAliasAnnotation>().Select(alias => alias.Alias)],
        };
    }

    /// <summary>Whether the container outlives the application.</summary>
    public static bool IsPersistent(IResource resource) =>
        resource.Annotations.OfType<ContainerLifetimeAnnotation>().LastOrDefault()?.Lifetime == ContainerLifetime.Persistent;

    private static string ImageOf(IResource resource, DockerfileBuildAnnotation? build)
    {
        var image = resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()
            ?? throw new DistributedApplicationException($"Container '{resource.Name}' has no image. Give it one: WithImage(…).");
        var name = build?.ImageName ?? image.Image;
        var path = image.Registry is { Length: > 0 } registry ? $"{registry}/{name}" : name;
        return image.SHA256 is { Length: > 0 } digest ? $"{path}@sha256:{digest}" : $"{path}:{build?.ImageTag ?? image.Tag ?? "latest"}";
    }

    /// <summary>
    /// Null when containers can be run, else why not. All containers share a good answer and the network; after a bad one
    /// somebody may have started Docker, so the next start asks again.
    /// </summary>
    private Task<string?> ReadyAsync()
    {
        lock (_gate)
        {
            return _ready is null or { IsFaulted: true } or { IsCompletedSuccessfully: true, Result: not null }
                ? _ready = Task.Run(PrepareAsync)
                : _ready;
        }
    }

    private async Task<string?> PrepareAsync()
    {
        var info = await program.GetInfoAsync(CancellationToken.None).ConfigureAwait(false);
        if (info.Containers is not { Running: true } runtime)
        {
            var reason = FirstLine(info.Containers?.Error);
            var fault = info.Containers is { Installed: true, Runtime: var name }
                ? $"{name} is installed but does not answer{reason}. Start it, then start this resource."
                : $"Neither Docker nor Podman was found{reason}. Install one to run this container; everything else runs without.";
            Log.NoRuntime(logger, fault);
            return fault;
        }

        var client = await dcp.GetClientAsync(CancellationToken.None).ConfigureAwait(false);
        await client.CreateAsync(ContainerLowering.LowerNetwork(application, InstanceNames.RandomSuffix()), CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    private static string FirstLine(string? error) =>
        error?.Split('\n').Select(line => line.Trim()).LastOrDefault(line => line.Length > 0) is { } line ? $" ({line})" : "";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Fault}")]
        public static partial void NoRuntime(ILogger logger, string fault);
    }
}
