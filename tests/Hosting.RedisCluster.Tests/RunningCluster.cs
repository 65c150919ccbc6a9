using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting;
using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Hosting.RedisCluster.Local;

namespace MonoRepo.Tests;

/// <summary>An AppHost with one cluster, run by the real engine until the end of the test.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly DistributedApplication app;

    private RunningCluster(DistributedApplication app, RedisClusterResource resource) => (this.app, Resource) = (app, resource);

    public RedisClusterResource Resource { get; }

    public ResourceNotificationService Notifications => app.Services.GetRequiredService<ResourceNotificationService>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RunningCluster> StartAsync(
        string directory, string[] args, Action<IResourceBuilder<RedisClusterResource>>? configure = null)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            DisableDashboard = true,
            ProjectDirectory = directory,
            AssemblyName = typeof(RunningCluster).Assembly.GetName().Name,
        });
        var redis = builder.AddRedisCluster("redis");
        configure?.Invoke(redis);
        var running = new RunningCluster(builder.Build(), redis.Resource);
        try
        {
            await running.app.StartAsync(Cancel);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a change of a resource.</summary>
    public async Task<CustomResourceSnapshot> UntilAsync(string resource, Predicate<CustomResourceSnapshot> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Patience);
        CustomResourceSnapshot? last = null;
        try
        {
            return (await Notifications.WaitForResourceAsync(resource, change => wanted(last = change.Snapshot), patience.Token)).Snapshot;
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"'{resource}' stays {last?.State?.Text}, {last?.HealthStatus}: {string.Join(' ', last?.HealthReports.Select(r => r.Description) ?? [])}\n"
                + await LogAsync(0));
        }
    }

    public Task<CustomResourceSnapshot> UntilHealthyAsync() =>
        UntilAsync("redis", s => s.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy);

    public async Task<string> ConnectionStringAsync() => (await Resource.ConnectionStringExpression.GetValueAsync(Cancel))!;

    public Task<IReadOnlyList<ClusterMember>> MembersAsync() => ClusterMembers.OfAsync(Resource, Cancel);

    /// <summary>Kills the process of a member as a crash would.</summary>
    public async Task KillAsync(int member)
    {
        var snapshot = await UntilAsync(Resource.Members[member].Name, s => s.State?.Text == KnownResourceStates.Running && Pid(s) is not null);
        Process.GetProcessById(Pid(snapshot)!.Value).Kill();
    }

    /// <summary>All that a member has written.</summary>
    public async Task<string> LogAsync(int member)
    {
        var lines = new List<string>();
        var instance = Resource.Members[member].Annotations.OfType<InstancesAnnotation>().Single().Names[0];
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(instance))
        {
            lines.AddRange(batch.Select(line => line.Content));
        }

        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }

    private static int? Pid(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value is { } value
            ? Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
