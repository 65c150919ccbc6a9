using Grpc.Core;
using Grpc.Net.Client;
using MonoRepo.Sample.Client;
using MonoRepo.Sample.V1;

namespace MonoRepo.Tests;

/// <summary>Calls of the server.</summary>
public sealed class GreetTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Greet_Name_IsGreeted()
    {
        using var output = new StringWriter();

        var exit = await GreetCommand.RunAsync(["World", "--server", server.Grpc.ToString()], output);

        Assert.Equal(0, exit);
        Assert.StartsWith("Hello, World.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Greet_UnknownOption_IsRefused()
    {
        using var error = new StringWriter();

        var exit = await GreetCommand.RunAsync(["--foo", "--server", server.Grpc.ToString()], TextWriter.Null, error);

        Assert.Equal(2, exit);
        Assert.StartsWith("Unrecognized option '--foo'.", error.ToString(), StringComparison.Ordinal);
    }

#if (redis)
    [Fact]
    public async Task Greet_Twice_IsCounted()
    {
        using var output = new StringWriter();

        await GreetCommand.RunAsync(["Twice", "--server", server.Grpc.ToString()], output);
        await GreetCommand.RunAsync(["Twice", "--server", server.Grpc.ToString()], output);

        Assert.Equal("Hello, Twice. Number of greetings: 1.\nHello, Twice. Number of greetings: 2.\n", output.ToString());
    }

#endif
    [Fact]
    public async Task Greet_NoName_IsInvalid()
    {
        using var channel = GrpcChannel.ForAddress(server.Grpc);

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await new SampleService.SampleServiceClient(channel)
            .GreetAsync(
            new(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task Health_Started_IsHealthy()
    {
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(server.Management, "/health"), TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Metrics_AfterACall_CountIt()
    {
        await GreetCommand.RunAsync(["World", "--server", server.Grpc.ToString()], TextWriter.Null);
        using var http = new HttpClient();

        var metrics = await http.GetStringAsync(new Uri(server.Management, "/metrics"), TestContext.Current.CancellationToken);

        Assert.Matches(
            "grpc_server_call_duration_seconds_count{[^}]*grpc_method=\"snake_name.v1.SampleService/Greet\",grpc_status=\"OK\"",
            metrics);
    }
}
