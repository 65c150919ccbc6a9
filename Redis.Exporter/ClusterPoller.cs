using System.Collections.Concurrent;
using System.Net;
using StackExchange.Redis;

namespace MonoRepo.Redis.Exporter;

/// <summary>
/// Looks at all members of a cluster every few seconds, and follows them: who joins, leaves or moves to another address is found
/// by what the others say.
/// </summary>
internal sealed partial class ClusterPoller(
    string cluster, Func<IConnectionMultiplexer> connect, TimeProvider clock, ILogger<ClusterPoller> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Garnet counts keys by going through them all, and only when asked so; Redis knows them.
    private static readonly TimeSpan s_keyspaceInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<EndPoint, (long Read, IReadOnlyDictionary<string, string> Keys)> _keyspaces = [];
    private IConnectionMultiplexer? _redis;
    private IReadOnlyList<ClusterNode> _nodes = [];
    private int _answering = -1;

    /// <summary>The members at the last look.</summary>
    public IReadOnlyList<MemberState> Members { get; private set; } = [];

    /// <summary>Looks once; for whoever does not wait for the interval.</summary>
    public async Task PollAsync()
    {
        _redis ??= await Task.Run(connect);
        var servers = _redis.GetServers();
        var readings = await Task.WhenAll(servers.Select(ReadAsync));
        var view = readings.Where(reading => reading?.Nodes.Count > 0).MaxBy(reading => reading!.Epoch);
        if (view is not null)
        {
            _nodes = [.. view.Nodes.Where(node => node.EndPoint is not null && !node.IsNoAddr && !node.IsHandshake)];
        }

        Members = _nodes.Count == 0
            ? [.. servers.Zip(readings, (server, reading) => new MemberState(Format(server.EndPoint), null, reading))]
            : [.. _nodes.Select(node => new MemberState(NameOf(node), node, FindReading(node, readings)))];
        var answering = Members.Count(member => member.Reading is not null);
        if (answering != _answering)
        {
            LogMembers(cluster, answering, Members.Count);
            _answering = answering;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var metrics = new RedisMetrics(cluster, () => Members);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await PollAsync();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // One question after the other: a member that doesn't answer costs one timeout.
    private async Task<MemberReading?> ReadAsync(IServer server)
    {
        if (!server.IsConnected)
        {
            return null;
        }

        try
        {
            var info = MemberReading.Parse(await server.InfoRawAsync());
            foreach (var (key, value) in await ReadKeyspaceAsync(server))
            {
                info.TryAdd(key, value);
            }

            // RESP3 says the format first: "txt:"
            var state = MemberReading.Parse((await server.ExecuteAsync("CLUSTER", "INFO")).ToString(out _));
            return new(info, state, [.. (await server.ClusterNodesAsync())?.Nodes ?? []]);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadKeyspaceAsync(IServer server)
    {
        if (!_keyspaces.TryGetValue(server.EndPoint, out var last) || clock.GetElapsedTime(last.Read) > s_keyspaceInterval)
        {
            last = (clock.GetTimestamp(), MemberReading.Parse(await server.InfoRawAsync("keyspace")));
            _keyspaces[server.EndPoint] = last;
        }

        return last.Keys;
    }

    // The one that says of itself that it is this node: an address may have become another's.
    private static MemberReading? FindReading(ClusterNode node, IEnumerable<MemberReading?> readings) =>
        readings.FirstOrDefault(reading => reading?.Nodes.Any(other => other.IsMyself && other.NodeId == node.NodeId) == true);

    // redis-0.redis-headless.shop.svc -> redis-0; the members of one machine all announce the machine's name.
    private string NameOf(ClusterNode node) =>
        node.Hostname is { Length: > 0 } hostname && _nodes.Count(other => other.Hostname == hostname) == 1
            ? hostname.Split('.')[0]
            : Format(node.EndPoint!);

    private static string Format(EndPoint endpoint) =>
        endpoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endpoint.ToString()!;

    [LoggerMessage(1, LogLevel.Information, "{Answering} of {Members} members of {Cluster} answer.")]
    private partial void LogMembers(string cluster, int answering, int members);
}
