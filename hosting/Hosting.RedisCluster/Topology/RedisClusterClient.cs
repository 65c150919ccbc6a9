using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>A member of a cluster, by the name people know it by and its address.</summary>
internal sealed record ClusterMember(string Name, IPEndPoint Address);

/// <summary>The whole cluster as one member sees it.</summary>
internal sealed record ClusterView(ClusterMember Member, ClusterNode Myself, ClusterConfiguration Cluster)
{
    /// <summary>The slots that this member knows no owner of.</summary>
    public IEnumerable<int> MissingSlots => HashSlots.All.Except(Cluster.Nodes.SelectMany(n => n.Slots).SelectMany(HashSlots.In));

    /// <summary>Whether this member can find <paramref name="other"/> where it is now.</summary>
    public bool Knows(ClusterNode other) =>
        Cluster.Nodes.Any(n => n.NodeId == other.NodeId && HashSlots.PortOf(n) == HashSlots.PortOf(other) && !n.IsHandshake);
}

/// <summary>
/// Administers a cluster, also one that is not a cluster yet: a command goes to exactly the member that it is meant for, and
/// fails at once while that member is away. The connections come back by themselves, within about a second.
/// </summary>
internal sealed class RedisClusterClient : IAsyncDisposable
{
    /// <summary>A member that takes longer to answer counts as away.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_listenTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_listenInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_reconnectInterval = TimeSpan.FromSeconds(1);
    private readonly ConnectionMultiplexer _connection;
    private readonly ConcurrentDictionary<(SlotRange Slots, string Prefix), string> _keys = new();

    private RedisClusterClient(IReadOnlyList<ClusterMember> members, ConnectionMultiplexer connection) =>
        (Members, _connection) = (members, connection);

    public IReadOnlyList<ClusterMember> Members { get; }

    /// <summary>Connects to members that have just been started; those that do not listen for long follow when they do.</summary>
    public static async Task<RedisClusterClient> ConnectAsync(
        IReadOnlyList<ClusterMember> members, string? password, CancellationToken cancellationToken)
    {
        await Task.WhenAll(members.Select(m => WaitUntilListeningAsync(m, cancellationToken)));
        var options = new ConfigurationOptions
        {
            ClientName = "cluster-admin",
            Password = password,
            AbortOnConnectFail = false,
            AllowAdmin = true,
            BacklogPolicy = BacklogPolicy.FailFast,
            ConnectRetry = 1,
            ConnectTimeout = (int)Timeout.TotalMilliseconds,
            AsyncTimeout = (int)Timeout.TotalMilliseconds,
            HeartbeatInterval = s_reconnectInterval / 4,
            ReconnectRetryPolicy = new LinearRetry((int)s_reconnectInterval.TotalMilliseconds),
            IncludeDetailInExceptions = false,
            // It writes to no member that it takes for a replica, which one may have ceased to be.
            ConfigCheckSeconds = 1,
            // No channel and no key of its own: it only administers.
            ConfigurationChannel = "",
            TieBreaker = "",
        };
        foreach (var member in members)
        {
            options.EndPoints.Add(member.Address);
        }

        return new(members, await ConnectionMultiplexer.ConnectAsync(options));
    }

    /// <summary>
    /// Whether a member is away, or refuses what it was asked for: nothing that another attempt could not change.
    /// </summary>
    public static bool IsRefusal(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException;

    /// <summary>A member, whatever its role and the cluster's state.</summary>
    /// <exception cref="RedisException">The client is closed, or knows the member no more.</exception>
    public IServer ServerOf(ClusterMember member)
    {
        try
        {
            return _connection.GetServer(member.Address);
        }
        catch (ArgumentException e)
        {
            throw new RedisException($"There is no connection to {member.Name}.", e);
        }
    }

    /// <summary>Runs a command on one member, which a redirection would not be an answer of.</summary>
    /// <exception cref="RedisException">The member is away, or answers with an error.</exception>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    public Task<RedisResult> ExecuteAsync(ClusterMember member, string command, params object[] arguments) =>
        ServerOf(member).ExecuteAsync(command, arguments, CommandFlags.NoRedirect);

    /// <summary>The first of the keys <c>prefix0</c>, <c>prefix1</c>, … that lies within <paramref name="slots"/>.</summary>
    /// <exception cref="RedisException">The member is away, or answers with an error.</exception>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    public async Task<string> FindKeyAsync(ClusterMember member, SlotRange slots, string prefix)
    {
        for (var i = 0; !_keys.ContainsKey((slots, prefix)); i++)
        {
            // The member counts: the client library does not while it takes the members for single servers, as it does before
            // they join.
            var slot = (int)await ExecuteAsync(member, "CLUSTER", "KEYSLOT", $"{prefix}{i}");
            if (slot >= slots.From && slot <= slots.To)
            {
                _keys[(slots, prefix)] = $"{prefix}{i}";
            }
        }

        return _keys[(slots, prefix)];
    }

    /// <summary>The cluster as this member sees it.</summary>
    /// <exception cref="RedisException">The member is away, or answers with an error.</exception>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    public async Task<ClusterView> ViewAsync(ClusterMember member)
    {
        var cluster = await ServerOf(member).ClusterNodesAsync();
        return cluster?.Nodes.FirstOrDefault(n => n.IsMyself) is { } myself
            ? new(member, myself, cluster)
            : throw new RedisException($"{member.Name} does not find itself in its cluster.");
    }

    /// <summary>The views of those members that answer.</summary>
    public async Task<IReadOnlyList<ClusterView>> ViewsAsync() =>
        [.. (await Task.WhenAll(Members.Select(TryViewAsync))).OfType<ClusterView>()];

    /// <summary>How a replica stands with its master.</summary>
    public async Task<Replication> ReplicationAsync(ClusterMember replica)
    {
        var info = (await ServerOf(replica).InfoAsync("replication")).SelectMany(section => section).ToDictionary();

        // Garnet says True where Redis says 1, and has a status of its own while it recovers.
        var hasCopied = info.GetValueOrDefault("master_sync_in_progress") is "0" or "False"
            && info.GetValueOrDefault("recover_status") is null or "NoRecovery";
        return new(hasCopied, hasCopied && info.GetValueOrDefault("master_link_status") == "up");
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // Told by a bare connection, many times a second: the client library takes a second or more from one attempt to the next.
    private static async Task WaitUntilListeningAsync(ClusterMember member, CancellationToken cancellationToken)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < s_listenTimeout;
            await Task.Delay(s_listenInterval, cancellationToken))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(member.Address, cancellationToken);
                return;
            }
            catch (SocketException)
            {
            }
        }
    }

    private async Task<ClusterView?> TryViewAsync(ClusterMember member)
    {
        try
        {
            return await ViewAsync(member);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return null;
        }
    }
}

/// <summary>How a replica stands with its master.</summary>
/// <param name="HasCopied">It has finished copying, be its master there or not: one whose copy broke off is an empty
/// master.</param>
/// <param name="IsInSync">It has, and follows its master's writes.</param>
internal readonly record struct Replication(bool HasCopied, bool IsInSync);
