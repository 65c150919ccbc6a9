using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class HealthCheckTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200 OK", HealthStatus.Healthy)]
    [InlineData("503 Service Unavailable", HealthStatus.Unhealthy)]
    public async Task AnHttpCheckAsksTheEndpoint(string answer, HealthStatus expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".").WithHttpEndpoint().WithHttpHealthCheck("/ready");
        Graph.Allocate(a, ((IPEndPoint)listener.LocalEndpoint).Port);
        await using var application = builder.Build();

        var answering = AnswerAsync(listener, answer);
        var report = await application.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        Assert.StartsWith("GET /ready HTTP/1.1", await answering);
        var entry = Assert.Single(report.Entries);
        Assert.Equal(("a_http_/ready_200_check", expected), (entry.Key, entry.Value.Status));
        Assert.Equal(entry.Key, Assert.Single(a.Resource.Annotations.OfType<HealthCheckAnnotation>()).Key);
        Assert.Equal(("/ready", 200), a.Resource.Annotations.OfType<HttpHealthCheckAnnotation>().Select(h => (h.Path, h.StatusCode)).Single());
    }

    [Fact]
    public async Task WithoutAnAddressAResourceIsNotHealthy()
    {
        var builder = Graph.Create();
        builder.AddExecutable("a", "x", ".").WithHttpEndpoint().WithHttpHealthCheck();
        await using var application = builder.Build();
        var report = await application.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        Assert.Equal("The endpoint 'http' has no address yet.", Assert.Single(report.Entries).Value.Description);
    }

    [Fact]
    public void AnHttpCheckNeedsAnHttpEndpoint()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".").WithEndpoint(scheme: "tcp");
        Assert.StartsWith("Could not create HTTP health check for resource 'a' as no HTTP endpoint was found.", Assert.Throws<DistributedApplicationException>(() => a.WithHttpHealthCheck()).Message);
        Assert.Contains("'none' was not found", Assert.Throws<DistributedApplicationException>(() => a.WithHttpHealthCheck(endpointName: "none")).Message);
        Assert.Contains("scheme 'tcp'", Assert.Throws<DistributedApplicationException>(() => a.WithHttpHealthCheck(endpointName: "tcp")).Message);
    }

    [Fact]
    public void OneKeyIsOneCheck() => Assert.Equal(
        "Resource 'a' already has a health check with key 'k'.",
        Assert.Throws<DistributedApplicationException>(() => Graph.Create().AddExecutable("a", "x", ".").WithHealthCheck("k").WithHealthCheck("k")).Message);

    private static async Task<string> AnswerAsync(TcpListener listener, string status)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancel);
        await using var stream = client.GetStream();
        var buffer = new byte[1024];
        var read = await stream.ReadAsync(buffer, Cancel);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Cancel);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
