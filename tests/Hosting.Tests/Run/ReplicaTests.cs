using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Tests;

/// <summary>A project with two replicas and its caller, in this process.</summary>
public sealed class ReplicaTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Caller_GetsTheAddressOfEachReplica_AndProjectsRunAsBuilt()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.TestAppHost>(
            ["--Test:Graph=replicas"], Token);
        await using var app = await builder.BuildAsync(Token);
        await app.StartAsync(Token).WaitAsync(s_timeout, Token);

        var caller = await app.ResourceNotifications.WaitForResourceAsync(
            "caller", e => e.Snapshot.State?.Text == KnownResourceStates.Running && e.Snapshot.EnvironmentVariables.Length > 0,
            Token).WaitAsync(s_timeout, Token);
        var addresses = caller.Snapshot.EnvironmentVariables.Where(
            v => v.Name.StartsWith("services__server__grpc__", StringComparison.Ordinal))
            .ToDictionary(v => v.Name, v => v.Value);
        var replicas = await ReadReplicasAsync(app.ResourceNotifications);

        Assert.Equal(["services__server__grpc__0", "services__server__grpc__1"], addresses.Keys.Order());
        Assert.Equal(replicas.Select(r => r.Address).Order(), addresses.Values.Order());
        Assert.DoesNotContain(app.GetEndpoint("server", "grpc").ToString().TrimEnd('/'), addresses.Values);
        Assert.All(replicas, r => Assert.EndsWith("RouteGuide.Server", r.Program, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replica_Killed_IsToldAndTheOtherStaysHealthy()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.TestAppHost>(
            ["--Test:Graph=replicas"], Token);
        await using var app = await builder.BuildAsync(Token);
        await app.StartAsync(Token).WaitAsync(s_timeout, Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("server", Token).WaitAsync(s_timeout, Token);
        var killed = (await ReadReplicasAsync(app.ResourceNotifications))[0];

        using (var process = System.Diagnostics.Process.GetProcessById(killed.Pid))
        {
            process.Kill();
        }

        await app.ResourceNotifications.WaitForResourceAsync(
            "server", e => e.ResourceId == killed.Id && KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text),
            Token).WaitAsync(s_timeout, Token);
        await app.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(
            killed.Id, KnownResourceCommands.StartCommand, Token);
        var restarted = await app.ResourceNotifications.WaitForResourceAsync(
            "server", e => e.ResourceId == killed.Id && e.Snapshot.State?.Text == KnownResourceStates.Running,
            Token).WaitAsync(s_timeout, Token);

        // Its address stays, or callers would need a restart.
        Assert.Equal(killed.Address, Address(restarted));
    }

    [Fact]
    public async Task Project_IsToldThePortsThatAreExternal_AndShowsRpcz()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.TestAppHost>(
            ["--Test:Graph=replicas"], Token);
        await using var app = await builder.BuildAsync(Token);
        await app.StartAsync(Token).WaitAsync(s_timeout, Token);

        var server = await app.ResourceNotifications.WaitForResourceAsync(
            "server", e => e.Snapshot.State?.Text == KnownResourceStates.Running && e.Snapshot.EnvironmentVariables.Length > 0
                && e.Snapshot.Urls.Any(url => url.Url.EndsWith("/rpcz", StringComparison.Ordinal)), Token).WaitAsync(
                    s_timeout, Token);

        Assert.Equal(
            $"{new Uri(Address(server)).Port}",
            server.Snapshot.EnvironmentVariables.Single(v => v.Name == "CallContext__ExternalPorts").Value);
    }

    private static async Task<IReadOnlyList<(string Id, string? Program, int Pid, string Address)>> ReadReplicasAsync(
        ResourceNotificationService notifications)
    {
        var replicas = new SortedDictionary<string, (string, string?, int, string)>();
        await foreach (var change in notifications.WatchAsync(Token))
        {
            if (change.Resource.Name == "server" && Property(change, "executable.pid") is int pid)
            {
                replicas[change.ResourceId] = (
                    change.ResourceId, Property(change, "executable.path") as string, pid, Address(change));
            }

            if (replicas.Count == 2)
            {
                break;
            }
        }

        return [.. replicas.Values];
    }

    private static string Address(ResourceEvent change) =>
        change.Snapshot.EnvironmentVariables.Single(v => v.Name == "Kestrel__Endpoints__grpc__Url").Value!;

    private static object? Property(ResourceEvent change, string name) =>
        change.Snapshot.Properties.FirstOrDefault(p => p.Name == name)?.Value;
}
