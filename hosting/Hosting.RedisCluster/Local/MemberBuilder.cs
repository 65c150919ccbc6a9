using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>Adds the members of a cluster to the graph: resources like any other, so that every engine can run them.</summary>
internal static class MemberBuilder
{
    public static void Add(IDistributedApplicationBuilder builder, LocalCluster local)
    {
        for (var i = 0; i < local.MemberCount; i++)
        {
            var name = $"{local.Resource.Name}-{i}";
            IResourceWithEndpoints member = local.Options.Server == RedisServerKind.Container
                ? AddContainer(builder, local, name)
                : AddProcess(builder, local, name);
            local.Resource.Add(member);
        }
    }

    private static RedisClusterMemberResource AddProcess(IDistributedApplicationBuilder builder, LocalCluster local, string name)
    {
        var program = local.Options.Server == RedisServerKind.Garnet ? GarnetServer.Program : RedisServer.Program;
        var member = new RedisClusterMemberResource(name, program, builder.AppHostDirectory, local.Resource);
        Describe(builder.AddResource(member), local)
            .WithArgs(async context =>
            {
                var command = await local.CommandAsync(member, context.CancellationToken).ConfigureAwait(false);
                foreach (var argument in command.Arguments)
                {
                    context.Args.Add(argument);
                }
            })
            .WithEnvironment(async context =>
            {
                var command = await local.CommandAsync(member, context.CancellationToken).ConfigureAwait(false);
                foreach (var (variable, value) in command.Environment)
                {
                    context.EnvironmentVariables[variable] = value;
                }
            })
            .OnBeforeResourceStarted((_, _, cancellationToken) => local.PrepareAsync(member, cancellationToken));
        return member;
    }

    private static RedisClusterMemberContainerResource AddContainer(IDistributedApplicationBuilder builder, LocalCluster local, string name)
    {
        var member = new RedisClusterMemberContainerResource(name, local.Resource);
        var resource = builder.AddResource(member);
        Describe(resource, local)
            .WithImage(RedisClusterContainerImageTags.Image, RedisClusterContainerImageTags.Tag)
            .WithImageRegistry(RedisClusterContainerImageTags.Registry)
            .WithEntrypoint("/bin/sh")
            .WithArgs(context =>
            {
                context.Args.Add("-c");
                context.Args.Add(RedisContainer.Script(ClusterMembers.PortOf(member), local.KeepsData));
            })
            .WithEnvironment(context =>
            {
                if (local.Resource.PasswordParameter is { } password)
                {
                    context.EnvironmentVariables[RedisContainer.PasswordVariable] = password;
                }
            });
        builder.OnBeforeStart((_, _) =>
        {
            if (local.KeepsData)
            {
                resource.WithVolume(VolumeNameGenerator.Generate(resource, "data"), RedisContainer.DataPath);
            }

            return Task.CompletedTask;
        });
        return member;
    }

    private static IResourceBuilder<T> Describe<T>(IResourceBuilder<T> member, LocalCluster local)
        where T : IResourceWithEndpoints
    {
        // No proxy: a member answers with its own address for what another one has, and clients go there.
        var key = $"{member.Resource.Name}_check";
        member.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new MemberHealthCheck(member.Resource, local.Resource, services.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus: null,
            tags: null));
        return member
            .WithEndpoint(name: RedisClusterResource.EndpointName, scheme: "redis", isProxied: false)
            .WithEndpoint(RedisClusterResource.EndpointName, e => e.TargetHost = "127.0.0.1", createIfNotExists: false)
            .WithHealthCheck(key)
            .ExcludeFromManifest();
    }
}
