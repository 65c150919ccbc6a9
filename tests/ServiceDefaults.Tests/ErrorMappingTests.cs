using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.ServiceDefaults.Grpc;
using StackExchange.Redis;

namespace MonoRepo.Tests;

public sealed class ErrorMappingTests
{
    private readonly ErrorMapping _mapping = new(NullLogger<ErrorMapping>.Instance);

    [Theory]
    [InlineData("EXECABORT Transaction discarded because of previous errors.", RedisErrorKind.ExecAbort)]
    [InlineData("CLUSTERDOWN The cluster is down", RedisErrorKind.ClusterDown)]
    [InlineData("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", RedisErrorKind.MasterDown)]
    [InlineData("LOADING Redis is loading the dataset in memory", RedisErrorKind.Loading)]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot", RedisErrorKind.TryAgain)]
    [InlineData("READONLY You can't write against a read only replica.", RedisErrorKind.ReadOnly)]
    [InlineData("MISCONF Errors writing to the AOF file: No space left on device", RedisErrorKind.Misconfigured)]
    [InlineData("NOREPLICAS Not enough good replicas to write.", RedisErrorKind.NoReplicas)]
    [InlineData("NOPERM this user has no permissions to run the 'set' command", RedisErrorKind.NoPermission)]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", RedisErrorKind.OutOfMemory)]
    public async Task RedisThatCannotServeForNowIsUnavailable(string message, RedisErrorKind kind) => Assert.Equal(
        new Status(StatusCode.Unavailable, "Redis is unavailable; try again."),
        await MapAsync(new RedisServerException(kind, CommandFlags.None, message)));

    [Fact]
    public async Task LostAndTimedOutConnectionsAreUnavailable()
    {
        Assert.Equal(
            StatusCode.Unavailable,
            (await MapAsync(new RedisTimeoutException(CommandFlags.None, "SET", CommandStatus.Sent))).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await MapAsync(
            new RedisConnectionException(
                ConnectionFailureType.SocketClosed, CommandFlags.None, "10.0.0.7:6379", null, CommandStatus.Sent))).StatusCode);
        Assert.Equal(
            StatusCode.Unavailable,
            (await MapAsync(new RedisCommandException("Command cannot be issued to a replica: SET"))).StatusCode);
    }

    [Fact]
    public async Task WrongCommandIsInternal() => Assert.Equal(StatusCode.Internal, (await MapAsync(
        new RedisServerException(RedisErrorKind.WrongType, CommandFlags.None, "WRONGTYPE"))).StatusCode);

    [Fact]
    public async Task UnknownErrorIsInternalWithoutItsDetails()
    {
        var status = await MapAsync(new InvalidOperationException("password=secret"));

        Assert.Equal(StatusCode.Internal, status.StatusCode);
        Assert.DoesNotContain("secret", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusThatTheMethodChoseStays() => Assert.Equal(
        new Status(StatusCode.NotFound, "none"), await MapAsync(new RpcException(new Status(StatusCode.NotFound, "none"))));

    [Fact]
    public async Task AnythingAfterTheDeadlineIsDeadlineExceeded() => Assert.Equal(
        StatusCode.DeadlineExceeded,
        (await MapAsync(new IOException(), cancelled: true, deadline: DateTime.UtcNow.AddSeconds(-1))).StatusCode);

    [Fact]
    public async Task AnythingAfterTheCallerLeftIsCancelled() => Assert.Equal(
        StatusCode.Cancelled, (await MapAsync(new IOException(), cancelled: true)).StatusCode);

    // All four kinds of methods are mapped alike.
    private async Task<Status> MapAsync(Exception exception, bool cancelled = false, DateTime? deadline = null)
    {
        var context = new FakeServerCallContext(deadline ?? DateTime.MaxValue, new CancellationToken(cancelled));
        var statuses = new List<Status>
        {
            await StatusOfAsync(() => _mapping.UnaryServerHandler<string, string>("", context, (_, _) => throw exception)),
            await StatusOfAsync(
                () => _mapping.ClientStreamingServerHandler<string, string>(null!, context, (_, _) => throw exception)),
            await StatusOfAsync(
                () => _mapping.ServerStreamingServerHandler<string, string>("", null!, context, (_, _, _) => throw exception)),
            await StatusOfAsync(
                () => _mapping.DuplexStreamingServerHandler<string, string>(null!, null!, context, (_, _, _) => throw exception)),
        };
        return Assert.Single(statuses.Distinct());
    }

    private static async Task<Status> StatusOfAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).Status;
}
