namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>The official image as a member.</summary>
internal static class RedisContainer
{
    /// <summary>Carries the password into the container.</summary>
    public const string PasswordVariable = "REDIS_PASSWORD";

    /// <summary>Where the image keeps its data.</summary>
    public const string DataPath = "/data";

    /// <summary>
    /// The shell command of one member. Members find each other by the container's own address, clients by the host's: it is
    /// announced as a host name, and the port is the same inside and outside.
    /// </summary>
    public static string Script(int port, bool keepsData) =>
        $$"""
        exec redis-server --port {{port}} --protected-mode no --cluster-enabled yes --cluster-node-timeout 2000 \
          --cluster-replica-validity-factor 0 --repl-diskless-sync-delay 0 --save "" --appendonly {{(keepsData ? "yes" : "no")}} \
          --cluster-announce-ip "$(hostname -i | cut -d' ' -f1)" --cluster-announce-hostname 127.0.0.1 \
          --cluster-preferred-endpoint-type hostname \
          ${{{PasswordVariable}}:+--requirepass "${{PasswordVariable}}" --masterauth "${{PasswordVariable}}"}
        """;
}
