using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace MonoRepo.Tests;

/// <summary>Applications that really run, under the real orchestrator.</summary>
public sealed class StartedApplicationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SeveralRunAtOnceAndDisposingStopsEach()
    {
        var endpoints = await Task.WhenAll(RunAsync(), RunAsync());

        Assert.NotEqual(endpoints[0].Port, endpoints[1].Port);

        static async Task<Uri> RunAsync()
        {
            Uri endpoint;
            await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallAppHost>(Token))
            await using (var app = await builder.BuildAsync(Token))
            {
                await app.StartAsync(Token);
                await app.ResourceNotifications.WaitForResourceHealthyAsync("server", Token);
                endpoint = app.GetEndpoint("server", "management");

                using var client = app.CreateHttpClient("server", "management");
                using var response = await client.GetAsync("/health", Token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Equal("memory", await app.GetConnectionStringAsync("store", Token));
            }

            using var socket = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync("127.0.0.1", endpoint.Port, Token).AsTask());
            return endpoint;
        }
    }

    [Fact]
    public async Task WhatIsNotInTheGraphIsNamed()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create([], (options, _) => options.AssemblyName = "SmallAppHost");
        builder.AddExecutable("quick", "sh", ".", "-c", "exit 3");
        await using var app = await builder.BuildAsync(Token);
        await app.StartAsync(Token);

        Assert.Contains("'nobody'", Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody")).Message, StringComparison.Ordinal);
        Assert.Contains("'http'", Assert.Throws<ArgumentException>(() => app.GetEndpoint("quick")).Message, StringComparison.Ordinal);
        Assert.Contains("'quick'", Assert.Throws<ArgumentException>(() => { _ = app.GetConnectionStringAsync("quick", Token); }).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.GetDashboardUrlAsync(Token));
        var ended = await app.ResourceNotifications.WaitForResourceAsync("quick", e => e.Snapshot.ExitCode is not null, Token);
        Assert.Equal(3, ended.Snapshot.ExitCode);
    }

    [Fact]
    public async Task AFixtureCanShareAnApplication()
    {
        await using var factory = new DistributedApplicationFactory(typeof(Projects.SmallAppHost));
        Assert.Throws<InvalidOperationException>(() => factory.GetEndpoint("server", "management"));

        await factory.StartAsync(Token);

        Assert.True(factory.GetEndpoint("server", "management").IsLoopback);
        Assert.Equal("memory", await factory.GetConnectionString("store"));
    }
}
