namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>A process of the cluster, by the name people know it by and its port on loopback.</summary>
internal sealed record ClusterMember(string Name, int Port, string? Password = null)
{
    /// <summary>Opens a connection to this member alone.</summary>
    public Task<RespConnection> ConnectAsync(CancellationToken cancellationToken) => RespConnection.OpenAsync(Port, Password, cancellationToken);

    /// <summary>Runs <paramref name="command"/> on this member alone, on a connection of its own.</summary>
    public async Task<string?> SendAsync(CancellationToken cancellationToken, params IReadOnlyCollection<string> command)
    {
        using var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await connection.SendAsync(cancellationToken, command).ConfigureAwait(false);
    }

    /// <summary>The whole cluster as this member sees it.</summary>
    public async Task<ClusterView> ViewAsync(CancellationToken cancellationToken) =>
        new(this, ClusterNode.Parse(await SendAsync(cancellationToken, "CLUSTER", "NODES").ConfigureAwait(false) ?? ""));
}
