using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.Tests;

public sealed class ErrorMappingTests
{
    private readonly ErrorMapping _mapping = new(NullLogger<ErrorMapping>.Instance);

    [Fact]
    public async Task AMissingDependencyIsUnavailableWithoutItsDetails()
    {
        var status = await MapAsync(new DependencyUnavailableException("Redis", new InvalidOperationException("10.0.0.7:6379 refused")));

        Assert.Equal(new Status(StatusCode.Unavailable, "Redis is away; try again."), status);
    }

    [Fact]
    public async Task AnUnknownFaultIsInternalWithoutItsDetails()
    {
        var status = await MapAsync(new InvalidOperationException("password=secret"));

        Assert.Equal(StatusCode.Internal, status.StatusCode);
        Assert.DoesNotContain("secret", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStatusThatTheMethodChoseStays() => Assert.Equal(
        new Status(StatusCode.NotFound, "none"), await MapAsync(new RpcException(new Status(StatusCode.NotFound, "none"))));

    [Fact]
    public async Task AnythingAfterTheDeadlineIsDeadlineExceeded() => Assert.Equal(
        StatusCode.DeadlineExceeded, (await MapAsync(new IOException(), cancelled: true, deadline: DateTime.UtcNow.AddSeconds(-1))).StatusCode);

    [Fact]
    public async Task AnythingAfterTheCallerLeftIsCancelled() => Assert.Equal(
        StatusCode.Cancelled, (await MapAsync(new IOException(), cancelled: true)).StatusCode);

    // All four kinds of methods are mapped alike.
    private async Task<Status> MapAsync(Exception fault, bool cancelled = false, DateTime? deadline = null)
    {
        var context = new FakeServerCallContext(deadline ?? DateTime.MaxValue, new CancellationToken(cancelled));
        var statuses = new List<Status>
        {
            await StatusOfAsync(() => _mapping.UnaryServerHandler<string, string>("", context, (_, _) => throw fault)),
            await StatusOfAsync(() => _mapping.ClientStreamingServerHandler<string, string>(null!, context, (_, _) => throw fault)),
            await StatusOfAsync(() => _mapping.ServerStreamingServerHandler<string, string>("", null!, context, (_, _, _) => throw fault)),
            await StatusOfAsync(() => _mapping.DuplexStreamingServerHandler<string, string>(null!, null!, context, (_, _, _) => throw fault)),
        };
        return Assert.Single(statuses.Distinct());
    }

    private static async Task<Status> StatusOfAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).Status;
}
