namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>How a replica stands with its master, from <c>INFO replication</c>.</summary>
internal static class Replication
{
    /// <summary>Whether the replica has all of its master's data and follows its writes.</summary>
    public static async Task<bool> IsInSyncAsync(RespConnection replica, CancellationToken cancellationToken)
    {
        var info = await ReadAsync(replica, cancellationToken).ConfigureAwait(false);
        return info.GetValueOrDefault("master_link_status") == "up" && HasCopied(info);
    }

    /// <summary>
    /// Whether the replica has finished copying, be its master there or not. Garnet says <c>True</c> where Redis says 1, and a copy
    /// that breaks off leaves it an empty master: such a replica must not take over.
    /// </summary>
    public static async Task<bool> HasCopiedAsync(RespConnection replica, CancellationToken cancellationToken) =>
        HasCopied(await ReadAsync(replica, cancellationToken).ConfigureAwait(false));

    private static bool HasCopied(Dictionary<string, string> info) =>
        info.GetValueOrDefault("master_sync_in_progress") is "0" or "False"
        && info.GetValueOrDefault("recover_status") is null or "NoRecovery";

    // key:value
    private static async Task<Dictionary<string, string>> ReadAsync(RespConnection connection, CancellationToken cancellationToken)
    {
        var text = await connection.SendAsync(cancellationToken, "INFO", "replication").ConfigureAwait(false) ?? "";
        return text.Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
