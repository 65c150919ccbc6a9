using System.Net;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Redis.Exporter;

/// <summary>
/// Looks at all members of a cluster every few seconds, and follows them: who joins, leaves or moves to another address is found by what
/// the others say.
/// </summary>
internal sealed partial class ClusterPoller(ClusterAddress address, TimeProvider clock, ILogger<ClusterPoller> logger) : BackgroundService
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, MemberClient> _clients = [];
    private IReadOnlyList<ClusterNode> _nodes = [];
    private int _answering = -1;

    /// <summary>The members at the last look.</summary>
    public IReadOnlyList<MemberState> Members { get; private set; } = [];

    /// <summary>Looks once; for whoever does not wait for the interval.</summary>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        var asked = _nodes.Count > 0 ? _nodes.Select(AddressOf).ToList() : [.. address.Seeds.Select(seed => $"{seed.Host}:{seed.Port}")];
        foreach (var gone in _clients.Keys.Except(asked).ToList())
        {
            _clients.Remove(gone, out var client);
            client!.Dispose();
        }

        var readings = await ReadAsync(asked, cancellationToken);
        if (readings.All(reading => reading.Reading is null) && _nodes.Count > 0)
        {
            // All may have moved, as pods do: begin again where the connection string points.
            readings = [.. readings, .. await ReadAsync([.. address.Seeds.Select(seed => $"{seed.Host}:{seed.Port}").Except(asked)], cancellationToken)];
        }

        var view = readings.Select(reading => reading.Reading).Where(reading => reading?.Nodes.Count > 0).MaxBy(reading => reading!.Epoch);
        if (view is not null)
        {
            var nodes = view.Nodes.Where(node => node.Port > 0 && !node.Flags.Contains("noaddr") && !node.Flags.Contains("handshake")).ToList();
            var unknown = nodes.Select(AddressOf).Except(readings.Select(reading => reading.Address)).ToList();
            readings = [.. readings, .. await ReadAsync(unknown, cancellationToken)];
            _nodes = nodes;
        }

        Members = _nodes.Count == 0
            ? [.. readings.Select(reading => new MemberState(reading.Address, null, reading.Reading))]
            : [.. _nodes.Select(node => new MemberState(NameOf(node), node, FindReading(node, readings)))];
        var answering = Members.Count(member => member.Reading is not null);
        if (answering != _answering)
        {
            LogMembers(address.Name, answering, Members.Count);
            _answering = answering;
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var metrics = new RedisMetrics(address.Name, () => Members);
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await PollAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            foreach (var client in _clients.Values)
            {
                client.Dispose();
            }
        }
    }

    private async Task<IReadOnlyList<(string Address, MemberReading? Reading)>> ReadAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var readings = addresses.Select(asked =>
        {
            if (!_clients.TryGetValue(asked, out var client))
            {
                var seed = ClusterAddress.ParseSeed(asked);
                EndPoint endpoint = IPAddress.TryParse(seed.Host, out var ip) ? new IPEndPoint(ip, seed.Port) : seed;
                _clients.Add(asked, client = new(endpoint, address.Password, clock));
            }

            return client.ReadAsync(cancellationToken);
        }).ToList();
        return [.. addresses.Zip(await Task.WhenAll(readings))];
    }

    // The one that says of itself that it is this node: an address may have become another's.
    private static MemberReading? FindReading(ClusterNode node, IReadOnlyList<(string Address, MemberReading? Reading)> readings) =>
        readings.Select(reading => reading.Reading).FirstOrDefault(reading => reading?.Nodes.Any(other => other.IsMyself && other.Id == node.Id) == true);

    // redis-0.redis-headless.shop.svc -> redis-0; the members of one machine all announce the machine's name.
    private string NameOf(ClusterNode node) =>
        node.Hostname is { } hostname && _nodes.Count(other => other.Hostname == hostname) == 1 ? hostname.Split('.')[0] : AddressOf(node);

    private static string AddressOf(ClusterNode node) => $"{node.Host}:{node.Port}";

    [LoggerMessage(1, LogLevel.Information, "{Answering} of {Members} members of {Cluster} answer.")]
    private partial void LogMembers(string cluster, int answering, int members);
}
