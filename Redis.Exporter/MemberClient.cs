using System.Net;
using System.Net.Sockets;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Redis.Exporter;

/// <summary>Asks one member, over a connection that it keeps while the member answers.</summary>
internal sealed class MemberClient(EndPoint address, string? password, TimeProvider clock) : IDisposable
{
    /// <summary>A member that takes longer counts as away.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Garnet counts keys by going through them all, and only when asked so; Redis knows them.
    private static readonly TimeSpan KeyspaceInterval = TimeSpan.FromSeconds(30);

    private RespConnection? _connection;
    private Dictionary<string, string> _keyspace = [];
    private long _keyspaceRead;

    /// <summary>What the member says, null when it does not answer.</summary>
    public async Task<MemberReading?> ReadAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            _connection ??= await RespConnection.OpenAsync(address, password, either.Token);
            var info = MemberReading.Parse(await _connection.SendAsync(either.Token, "INFO"));
            if (_keyspaceRead == 0 || clock.GetElapsedTime(_keyspaceRead) > KeyspaceInterval)
            {
                _keyspace = MemberReading.Parse(await _connection.SendAsync(either.Token, "INFO", "keyspace"));
                _keyspaceRead = clock.GetTimestamp();
            }

            foreach (var (key, value) in _keyspace)
            {
                info.TryAdd(key, value);
            }

            return new(
                info,
                MemberReading.Parse(await _connection.SendAsync(either.Token, "CLUSTER", "INFO")),
                ClusterNode.Parse(await _connection.SendAsync(either.Token, "CLUSTER", "NODES") ?? ""));
        }
        catch (Exception exception) when (exception is SocketException or IOException or RespException or FormatException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
