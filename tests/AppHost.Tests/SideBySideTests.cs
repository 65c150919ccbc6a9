using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace MonoRepo.Tests;

/// <summary>Several applications in one process, as test suites of users have them.</summary>
public sealed class SideBySideTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Applications_StartedAtOnce_HaveTheirOwnPorts_AndStopWhenDisposed()
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
                await app.ResourceNotifications.WaitForResourceHealthyAsync(
                    "server", Token).WaitAsync(RunningStack.StartTimeout, Token);
                endpoint = app.GetEndpoint("server", "management");

                using var client = app.CreateHttpClient("server", "management");
                using var response = await client.GetAsync("/health", Token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }

            using var socket = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync("127.0.0.1", endpoint.Port, Token).AsTask());
            return endpoint;
        }
    }
}
