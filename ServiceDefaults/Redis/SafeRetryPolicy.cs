using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// What <c>database.WithRetry()</c> repeats: commands that only read, and whatever is known not to have happened, as what a
/// server refuses during a failover. A write whose answer got lost is not: only its caller knows whether it can be made twice.
/// </summary>
internal sealed class SafeRetryPolicy() : RetryPolicy(new Builder
{
    MaxCommandRetryCategory = CommandFlags.CommandRetryReadOnly,
    MaxAttemptsOnWatchConflict = 1,
    RetryDelay = TimeSpan.FromMilliseconds(200),
    JitterMax = TimeSpan.FromMilliseconds(200),
})
{
    // The server has discarded the whole transaction, since it refused one of its commands.
    public override RetryResult CanRetry(in FaultContext fault) =>
        fault.ErrorKind == RedisErrorKind.ExecAbort ? RetryResult.SameServer : base.CanRetry(fault);
}
