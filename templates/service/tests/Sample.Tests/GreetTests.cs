using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Sample.Client;
using MonoRepo.Sample.V1;
using MonoRepo.Tests.Services;

namespace MonoRepo.Tests;

/// <summary>The server as a process, as the AppHost would start it.</summary>
public sealed class GreetTests : IAsyncLifetime
{
    private ServerProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync("Sample.Server", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task TheServerGreets()
    {
        using var output = new StringWriter();

        var exit = await GreetCommand.RunAsync(["World", "--server", _server.Grpc.ToString()], output);

        Assert.Equal(0, exit);
        Assert.Equal("Hello, World.\n", output.ToString());
    }

    [Fact]
    public async Task AnEmptyNameIsRefused()
    {
        using var channel = GrpcChannel.ForAddress(_server.Grpc);

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await new SampleService.SampleServiceClient(channel).GreetAsync(
            new(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task TheServerIsHealthy()
    {
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(_server.Management, "/health"), TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task TheServerCountsItsCalls()
    {
        await GreetCommand.RunAsync(["World", "--server", _server.Grpc.ToString()], TextWriter.Null);
        using var http = new HttpClient();

        var metrics = await http.GetStringAsync(new Uri(_server.Management, "/metrics"), TestContext.Current.CancellationToken);

        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("grpc_server_call_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains("/Greet\",grpc_status=\"OK\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
    }
}
