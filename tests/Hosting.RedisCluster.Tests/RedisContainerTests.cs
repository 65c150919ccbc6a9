using System.Diagnostics;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.Hosting;
using MonoRepo.Hosting.RedisCluster.Local;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests;

/// <summary>Members that are containers; what their command lines do is seen without a container runtime.</summary>
public sealed class RedisContainerTests : IDisposable
{
    private const string Password = " p,a=s\"s' w$ö\\rd%20#🔑\n";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("monorepo-test-container-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void AddRedisCluster_Containers_LookAsThoseOfAddRedis()
    {
        var builder = Builder();
        var single = builder.AddRedis("single").Resource;
        var redis = builder.AddRedisCluster("redis").Resource;

        Assert.All(redis.Members, m =>
        {
            var member = Assert.IsType<RedisResource>(m);
            Assert.Equal(Image(single), Image(member));
            Assert.Same(redis.PasswordParameter, member.PasswordParameter);
            Assert.Contains(
                member.Annotations.OfType<ResourceRelationshipAnnotation>(), r => r.Type == "Parent" && r.Resource == redis);
            Assert.Contains(ManifestPublishingCallbackAnnotation.Ignore, member.Annotations);
        });
        Assert.Equal(PropertyNames(single), PropertyNames(redis));
    }

    [Fact]
    public void AddRedisCluster_PublishMode_AddsNoContainers() =>
        Assert.DoesNotContain(
            Builder("--operation", "publish").AddRedisCluster("redis").Resource.Members, m => m is RedisResource);

    [Fact]
    public async Task Run_CommandLinesInAShell_BecomeOneClusterWithAnyPassword()
    {
        Assert.SkipUnless(RedisServer.IsInstalled && !OperatingSystem.IsWindows(), "redis-server is not on PATH.");
        var builder = Builder($"--Parameters:redis-password={Password}", "--reset=true");
        var redis = builder.AddRedisCluster("redis").WithDataVolume().Resource;
        await using var app = builder.Build();
        await builder.Eventing.PublishAsync(new BeforeStartEvent(app.Services, new(builder.Resources)), Cancel);

        // Members know each other by another address than clients do, as containers; a file in the way of the reset is the last
        // run's.
        await File.WriteAllTextAsync(
            Path.Combine(_directory.FullName, "hostname"), "#!/bin/sh\necho 127.0.0.2 172.17.0.2\n", Cancel);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_directory.FullName, "hostname"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        List<Process> processes = [];
        try
        {
            foreach (var member in redis.Members.Cast<RedisResource>())
            {
                processes.Add(await StartAsync(member));
            }

            await using var client = await RedisClusterClient.ConnectAsync(
                [.. redis.Members.Select(
                    m => new ClusterMember(m.Name, new(IPAddress.Loopback, RedisClusterResource.PortOf(m))))], Password, Cancel);
            await Eventually.HoldsAsync(() => ClusterJoin.TryAsync(client, 3), "the members have joined");
            await Eventually.HoldsAsync(
                async () => (await ClusterInspection.FindProblemsAsync(client)).Count == 0, "they serve");

            var nodes = (await client.ViewAsync(client.Members[0])).Cluster.Nodes;
            Assert.All(nodes, n =>
                Assert.Equal(("127.0.0.2", "127.0.0.1"), (((IPEndPoint)n.EndPoint!).Address.ToString(), n.Hostname)));
            Assert.All(redis.Members, m => Assert.False(File.Exists(Path.Combine(_directory.FullName, m.Name, "dump.rdb"))));
            Assert.All(redis.Members, m =>
                Assert.True(Directory.Exists(Path.Combine(_directory.FullName, m.Name, "appendonlydir"))));
        }
        finally
        {
            foreach (var process in processes)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                process.Dispose();
            }
        }
    }

    private async Task<Process> StartAsync(RedisResource member)
    {
        var data = _directory.CreateSubdirectory(member.Name).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "dump.rdb"), "of an earlier run", Cancel);
        var configuration = await ExecutionConfigurationBuilder.Create(member).WithArgumentsConfig()
            .WithEnvironmentVariablesConfig()
            .BuildAsync(
                new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run), NullLogger.Instance, Cancel);

        // As the engine does with a shell's command line.
        var command = string.Join(
            ' ', configuration.Arguments.Select(a => a.Value)).Replace(RedisContainer.DataPath, data, StringComparison.Ordinal);
        var start = new ProcessStartInfo("sh", ["-c", $"cd {data}; {command} --bind 127.0.0.1 127.0.0.2"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{_directory.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["REDIS_PASSWORD"] = configuration.EnvironmentVariables.Single(v => v.Key == "REDIS_PASSWORD").Value;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private static string Image(IResource resource)
    {
        var image = Assert.Single(resource.Annotations.OfType<ContainerImageAnnotation>());
        return $"{image.Registry}/{image.Image}:{image.Tag}";
    }

    private static IEnumerable<string> PropertyNames(IResourceWithConnectionString resource) =>
        resource.GetConnectionProperties().Select(p => p.Key);

    private IDistributedApplicationBuilder Builder(params string[] args) => DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions
        {
            Args = ["--redis=container", .. args],
            DisableDashboard = true,
            ProjectDirectory = _directory.FullName,
            AssemblyName = typeof(Projects.RedisCluster_AppHost).Assembly.GetName().Name
        });
}
