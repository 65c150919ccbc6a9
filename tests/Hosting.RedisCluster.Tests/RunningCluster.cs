using System.Diagnostics;
using System.Globalization;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;
using MonoRepo.Hosting.RedisCluster.Topology;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>The AppHost of examples/, run by the real engine until the end of the test.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(120);
    private readonly DistributedApplication _app;

    private RunningCluster(DistributedApplication app, RedisClusterResource resource) => (_app, Resource) = (app, resource);

    public RedisClusterResource Resource { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts the AppHost.</summary>
    /// <param name="args">Its command line.</param>
    /// <param name="directory">Where it keeps its data, as a run that is no test's; by default it keeps none.</param>
    public static async Task<RunningCluster> StartAsync(string[] args, string? directory = null)
    {
        string[] kept = directory is null ? [] : ["--DcpPublisher:RandomizePorts=false"];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RedisCluster_AppHost>(
            [.. args, .. kept], (options, _) => options.ProjectDirectory = directory ?? options.ProjectDirectory, Cancel);
        var app = await builder.BuildAsync(Cancel);
        var running = new RunningCluster(app, builder.Resources.OfType<RedisClusterResource>().Single());
        try
        {
            await app.StartAsync(Cancel);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a change of a resource.</summary>
    public async Task<ResourceEvent> UntilAsync(string resource, Predicate<CustomResourceSnapshot> wanted)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        timeout.CancelAfter(s_timeout);
        CustomResourceSnapshot? last = null;
        try
        {
            return await _app.ResourceNotifications.WaitForResourceAsync(
                resource, change => wanted(last = change.Snapshot), timeout.Token);
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"'{resource}' stays {last?.State?.Text}, {last?.HealthStatus}: " +
                $"{string.Join(' ', last?.HealthReports.Select(r => r.Description) ?? [])}\n"
                + await LogAsync(0));
        }
    }

    public Task<ResourceEvent> UntilHealthyAsync() => UntilAsync("redis", s => s.HealthStatus == HealthStatus.Healthy);

    /// <summary>A value that whoever refers to the cluster gets, such as Uri; the connection string without a name.</summary>
    public async Task<string> PropertyAsync(string? name = null) => (await (name is null
        ? Resource.ConnectionStringExpression
        : ((IResourceWithConnectionString)Resource).GetConnectionProperties().Single(p => p.Key == name).Value)
        .GetValueAsync(Cancel))!;

    /// <summary>A client as services make it: the password comes apart and is cut off the connection string.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var password = await PropertyAsync("Password");
        var options =
            ConfigurationOptions.Parse((await PropertyAsync()).Replace($",password={password}", "", StringComparison.Ordinal));
        options.Password = password;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>An administrator's client.</summary>
    public async Task<RedisClusterClient> AdministerAsync() => await RedisClusterClient.ConnectAsync(
        [.. Resource.Members.Select(m => new ClusterMember(m.Name, new(IPAddress.Loopback, RedisClusterResource.PortOf(m))))],
        await PropertyAsync("Password"),
        Cancel);

    /// <summary>Kills the process of a member as a crash would.</summary>
    public async Task KillAsync(int member)
    {
        var change = await UntilAsync(
            Resource.Members[member].Name, s => s.State?.Text == KnownResourceStates.Running && Pid(s) is not null);
        using var process = Process.GetProcessById(Pid(change.Snapshot)!.Value);
        process.Kill();
    }

    /// <summary>Starts a member that has ended, as its restart policy and the dashboard do.</summary>
    public async Task StartAsync(int member)
    {
        var change = await UntilAsync(
            Resource.Members[member].Name, s => KnownResourceStates.TerminalStates.Contains(s.State?.Text));
        Assert.True((await _app.ResourceCommands.ExecuteCommandAsync(
            change.ResourceId, KnownResourceCommands.StartCommand, Cancel)).Success);
    }

    /// <summary>All that a member has written.</summary>
    public async Task<string> LogAsync(int member)
    {
        var lines = new List<string>();
        var name = Resource.Members[member].Name;
        if (_app.ResourceNotifications.TryGetCurrentState(name, out var change))
        {
            await foreach (var batch in ((ResourceLoggerService)_app.Services.GetService(typeof(ResourceLoggerService))!)
                .GetAllAsync(change.ResourceId))
            {
                lines.AddRange(batch.Select(line => line.Content));
            }
        }

        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static int? Pid(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value is { } value
        ? Convert.ToInt32(value, CultureInfo.InvariantCulture)
        : null;
}
