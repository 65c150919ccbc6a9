using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using MonoRepo.Tests.Services;
using Routeguide;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using static MonoRepo.Tests.Calls;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

public sealed class ShutdownTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TerminatedServerIsUnreadyAtOnceAndFinishesItsCalls()
    {
        await using var server = await RouteGuideServer.StartAsync(
            null, Cancellation, "Production", ("Shutdown__Delay", "00:00:01"), ("Shutdown__Timeout", "00:00:20"));
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var client = new RouteGuideClient(channel);
        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest(), cancellationToken: Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        using var call = client.RouteChat(Options(seconds: 30));
        await call.RequestStream.WriteAsync(new RouteNote { Location = Known, Message = "before" }, Cancellation);

        await server.Process.SignalAsync("TERM");

        Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(503, await server.GetStatusAsync("/health", Cancellation));
        Assert.Equal(200, await server.GetStatusAsync("/alive", Cancellation));
        Assert.Contains("Berkshire", (await client.GetFeatureAsync(Known, Options())).Name, StringComparison.Ordinal);

        await call.RequestStream.WriteAsync(new RouteNote { Location = Known, Message = "during" }, Cancellation);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(["before"], (await call.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation))
            .Select(note => note.Message));
        Assert.Equal(0, await server.Process.Exit.WaitAsync(TimeSpan.FromSeconds(15), Cancellation));
    }

    [Fact]
    public async Task CallThatDoesNotEndIsAbortedWhenTheTimeIsUp()
    {
        await using var server = await RouteGuideServer.StartAsync(
            null, Cancellation, "Development", ("Shutdown__Timeout", "00:00:01"));
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        using var call = new RouteGuideClient(channel).RouteChat(Options(seconds: 30));
        await call.RequestStream.WriteAsync(new RouteNote { Location = Known, Message = "before" }, Cancellation);

        await server.Process.SignalAsync("TERM");

        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(0, await server.Process.Exit.WaitAsync(TimeSpan.FromSeconds(15), Cancellation));
    }
}
