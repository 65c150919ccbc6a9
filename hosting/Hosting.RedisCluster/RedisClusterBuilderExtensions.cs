using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting;
using MonoRepo.Hosting.RedisCluster.Kubernetes;
using MonoRepo.Hosting.RedisCluster.Local;

namespace Aspire.Hosting;

/// <summary>Adds Redis Clusters to the graph.</summary>
public static class RedisClusterBuilderExtensions
{
    /// <summary>
    /// Adds a Redis Cluster. Locally its members are processes on free ports of loopback, joined by themselves; without replicas,
    /// unless <c>Redis:ReplicasPerShard</c> (<c>--redis-replicas</c>) asks for some, for they would only take memory.
    /// <c>Redis:Server</c> (<c>--redis</c>) chooses <c>garnet</c> (default), <c>redis-server</c> or <c>container</c>.
    /// It is healthy when every slot has a living owner that takes writes.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and the connection string's in whoever refers to it.</param>
    /// <param name="shards">How many masters share the keys; at least three.</param>
    /// <param name="replicasPerShard">How many copies of each shard a deployed cluster has, 0 to 5.</param>
    /// <param name="password">What clients and members present; a generated one (<c>{name}-password</c>) by default, as AddRedis
    /// has it.</param>
    /// <exception cref="DistributedApplicationException">
    /// Thrown when shards is less than 3, replicasPerShard isn't between 0 and 5, or a configuration value isn't allowed.
    /// </exception>
    public static IResourceBuilder<RedisClusterResource> AddRedisCluster(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int shards = RedisClusterResource.MinShards,
        int replicasPerShard = 1,
        IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (shards < RedisClusterResource.MinShards)
        {
            throw new DistributedApplicationException(
                $"Redis Cluster '{name}' has {shards} shards; it needs at least {RedisClusterResource.MinShards}, or no " +
                "majority survives the loss of one.");
        }

        if (replicasPerShard is < 0 or > RedisClusterResource.MaxReplicasPerShard)
        {
            throw new DistributedApplicationException(
                $"Redis Cluster '{name}' has {replicasPerShard} replicas per shard; it must be 0 to " +
                $"{RedisClusterResource.MaxReplicasPerShard}.");
        }

        AddSwitches(builder);
        var cluster = new RedisClusterResource(
            name,
            shards,
            replicasPerShard,
            password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(
                builder, $"{name}-password", special: false));
        var options = LocalRedisOptions.Read(builder.Configuration);
        if (builder.ExecutionContext.IsPublishMode)
        {
            // What members are here is nobody's concern there; containers would be published.
            options = options with { Server = RedisServerKind.Garnet };
        }

        var local = new LocalCluster(cluster, options, GarnetServer.PathFor(builder.AppHostAssembly));
        var keeper = new ClusterKeeper(cluster, takesOver: options is { Server: RedisServerKind.Garnet, ReplicasPerShard: > 0 });
        var healthCheckKey = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            healthCheckKey,
            services => new ClusterHealthCheck(keeper, services.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus: null,
            tags: null));
        builder.OnBeforeStart((started, _) =>
        {
            local.Choose(builder.AppHostDirectory, builder.Configuration);
            foreach (var policy in cluster.Annotations.OfType<RestartPolicyAnnotation>().ToList())
            {
                // It is members that crash.
                cluster.Annotations.Remove(policy);
                cluster.Members.ToList().ForEach(m => m.Annotations.Add(policy));
            }

            started.Services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(local.Dispose);
            return Task.CompletedTask;
        });
        var resource = builder.AddResource(cluster).WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = "RedisCluster",
            State = KnownResourceStates.NotStarted,
            Properties =
                [
                    new("Server", options.ServerName),
                    new("Shards", $"{shards}"),
                    new("Replicas per shard", $"{options.ReplicasPerShard}"),
                ],
        })
            .WithIconName("DatabaseMultiple")
            .WithHealthCheck(healthCheckKey)
            .OnInitializeResource((_, started, _) =>
            {
                // Not awaited: the cluster is kept for as long as the application runs.
                _ = keeper.RunAsync(started, started.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
                return Task.CompletedTask;
            });
        MemberBuilder.Add(builder, local, keeper);
        return RedisClusterDeployment.Describe(resource, shards, replicasPerShard, () => cluster.PasswordParameter);
    }

    /// <summary>
    /// Keeps the data over restarts: locally under <c>.aspire/redis</c> of the AppHost, until <c>--reset</c>; deployed, in a
    /// volume of each member.
    /// </summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="name">Name of the volume; one made of the application's and the resource's by default.</param>
    public static IResourceBuilder<RedisClusterResource> WithDataVolume(
        this IResourceBuilder<RedisClusterResource> builder, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new ContainerMountAnnotation(
                name ?? VolumeNameGenerator.Generate(builder, "data"), RedisContainer.DataPath, ContainerMountType.Volume,
                isReadOnly: false),
            ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Makes clients and members present this password instead of a generated one.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="password">The password: any characters, at least one.</param>
    public static IResourceBuilder<RedisClusterResource> WithPassword(
        this IResourceBuilder<RedisClusterResource> builder, IResourceBuilder<ParameterResource> password)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(password);
        builder.Resource.PasswordParameter = password.Resource;
        foreach (var container in builder.Resource.Members.OfType<RedisResource>())
        {
            builder.ApplicationBuilder.CreateResourceBuilder(container).WithPassword(password);
        }

        return builder;
    }

    private static void AddSwitches(IDistributedApplicationBuilder builder)
    {
        if (builder.Resources.OfType<RedisClusterResource>().Any())
        {
            return;
        }

        builder.Services.AddSingleton(new OptionalTool("redis-server", ["--version"], "runs with --redis redis-server"));
        builder.AddCommandLineSwitch(
                "--redis", LocalRedisOptions.ServerKey, "What local Redis Clusters are made of", LocalRedisOptions.ServerNames)
            .AddCommandLineSwitch(
                "--redis-replicas", LocalRedisOptions.ReplicasKey, "Replicas per shard of local Redis Clusters",
                [.. Enumerable.Range(0, RedisClusterResource.MaxReplicasPerShard + 1).Select(n => $"{n}")])
            .AddCommandLineSwitch("--reset", LocalRedisOptions.ResetKey, "Forget the data kept by earlier runs");
    }
}
