using StackExchange.Redis;
using static StackExchange.Redis.RedisErrorKind;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>Tells a Redis that can't serve for now, as during a failover, from a command that is wrong.</summary>
public static class RedisErrors
{
    /// <summary>Whether the same command may succeed a little later: a gRPC server answers UNAVAILABLE.</summary>
    public static bool IsRedisUnavailable(this Exception exception) => exception switch
    {
        RedisConnectionException or TimeoutException => true,
        RedisServerException server => server.Kind
            is Loading or ClusterDown or MasterDown or TryAgain or NoReplicas or Misconfigured or OutOfMemory or Busy
                or MaxClients
            or Moved or Ask or UnknownRedirectTarget or ReadOnly or ExecAbort
            or NoPermission, // a restore refuses writers until it is done

        // Raised here, while a shard has no master yet.
        RedisCommandException command =>
            command.Message.StartsWith("Command cannot be issued to a replica", StringComparison.Ordinal),
        _ => false,
    };
}
