using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>Adds the members of a cluster to the graph: resources like any other.</summary>
internal static class MemberBuilder
{
    public static void Add(IDistributedApplicationBuilder builder, LocalCluster local, ClusterKeeper keeper)
    {
        for (var i = 0; i < local.MemberCount; i++)
        {
            var name = $"{local.Resource.Name}-{i}";
            local.Resource.Add(local.Options.Server == RedisServerKind.Container
                ? AddContainer(builder, local, keeper, name)
                : AddProcess(builder, local, keeper, name));
        }
    }

    private static IResourceWithEndpoints AddProcess(
        IDistributedApplicationBuilder builder, LocalCluster local, ClusterKeeper keeper, string name)
    {
        var program = local.Options.Server == RedisServerKind.Garnet ? GarnetServer.Program : RedisServer.Program;
        var member = new RedisClusterMemberResource(name, program, builder.AppHostDirectory, local.Resource);
        Describe(builder.AddResource(member).WithEndpoint(
            name: RedisClusterResource.EndpointName, scheme: "redis"), local, keeper)
            .WithIconName("Database")
            .WithArgs(async context =>
            {
                foreach (var argument in (await local.CommandAsync(member, context.CancellationToken)).Arguments)
                {
                    context.Args.Add(argument);
                }
            })
            .WithEnvironment(async context =>
            {
                foreach (var (variable, value) in (await local.CommandAsync(member, context.CancellationToken)).Environment)
                {
                    context.EnvironmentVariables[variable] = value;
                }
            });
        return member;
    }

    private static RedisResource AddContainer(
        IDistributedApplicationBuilder builder, LocalCluster local, ClusterKeeper keeper, string name)
    {
        var member = builder.AddRedis(name, password: builder.CreateResourceBuilder(local.Resource.PasswordParameter));
        var isFirstStart = true;

        // Its own check is a single server's, and takes the password from a connection string that not every one fits into.
        member.Resource.Annotations.Remove(member.Resource.Annotations.OfType<HealthCheckAnnotation>().Single());
        Describe(member, local, keeper).WithParentRelationship(local.Resource)
            .AsMember(() => local.KeepsData, () => local is { KeepsData: true, Options.Reset: true } && isFirstStart);
        builder.OnBeforeStart((_, _) =>
        {
            if (local.KeepsData)
            {
                member.WithDataVolume(VolumeNameGenerator.Generate(member, $"{local.Shape}-data"));
            }

            return Task.CompletedTask;
        });
        member.OnResourceReady((_, _, _) =>
        {
            isFirstStart = false;
            return Task.CompletedTask;
        });
        return member.Resource;
    }

    private static IResourceBuilder<T> Describe<T>(IResourceBuilder<T> member, LocalCluster local, ClusterKeeper keeper)
        where T : IResourceWithEndpoints
    {
        var key = $"{member.Resource.Name}_answers";
        member.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services =>
                new MemberHealthCheck(member.Resource, keeper, services.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus: null,
            tags: null));
        return member.WithEndpoint(
                RedisClusterResource.EndpointName,
                // No proxy: a member answers with its own address for what another one has, and clients go there.
                e => (e.TargetHost, e.IsProxied) = ("127.0.0.1", false),
                createIfNotExists: false)
            .WithHealthCheck(key)
            .OnBeforeResourceStarted((_, _, cancellationToken) => local.PrepareAsync(member.Resource, cancellationToken))
            .ExcludeFromManifest();
    }
}
