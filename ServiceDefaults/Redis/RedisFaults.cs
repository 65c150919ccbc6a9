using MonoRepo.ServiceDefaults.Grpc;
using StackExchange.Redis;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>Tells a Redis that is away for now (retry) from a command that is wrong (a fault of ours).</summary>
internal static class RedisFaults
{
    // Error codes of a server that cannot serve the key now: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
    private static readonly string[] Transient =
        ["CLUSTERDOWN", "MASTERDOWN", "LOADING", "TRYAGAIN", "READONLY", "MOVED", "ASK", "NOREPLICAS", "Endpoint"];

    public static bool IsAway(Exception exception) => exception switch
    {
        DependencyUnavailableException or RedisConnectionException or TimeoutException or ObjectDisposedException => true,
        RedisServerException server => Transient.Any(code => server.Message.StartsWith(code, StringComparison.Ordinal)),
        _ => false,
    };
}
