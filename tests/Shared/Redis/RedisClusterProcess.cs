using MonoRepo.Hosting.RedisCluster.Local;
using MonoRepo.Hosting.RedisCluster.Topology;
using Xunit;

namespace MonoRepo.Tests.Redis;

/// <summary>
/// A Redis Cluster of plain processes on free ports of loopback, which end with the test process at the latest.
/// </summary>
public sealed class RedisClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(120);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("monorepo-test-redis-");
    private readonly string? _password;
    private RedisClusterClient? _client;

    private RedisClusterProcess(RedisEngine engine, int members, int replicasPerMaster, string? password, bool keepsData)
    {
        _password = password;
        Nodes =
        [
            .. Enumerable.Range(0, members).Select(i => new RedisNodeProcess(engine, $"redis-{i}", new(
                FreePorts.Next(), _directory.CreateSubdirectory($"{i}").FullName, keepsData, replicasPerMaster > 0, password))),
        ];
    }

    /// <summary>The members: first the masters, then the replicas (in the roles they started with).</summary>
    public IReadOnlyList<RedisNodeProcess> Nodes { get; }

    /// <summary>In StackExchange.Redis's format, all members.</summary>
    public string ConnectionString =>
        string.Join(',', Nodes.Select(n => $"127.0.0.1:{n.Port}")) + (_password is null ? "" : $",password={_password}");

    /// <summary>Administers the members.</summary>
    internal RedisClusterClient Client => _client ?? throw new InvalidOperationException("The members have not been started.");

    /// <summary>
    /// Starts the processes and joins them; returns when the cluster takes reads and writes. Skips the test where the engine is
    /// missing.
    /// </summary>
    public static async Task<RedisClusterProcess> StartAsync(
        RedisEngine engine,
        int masters = 3,
        int replicasPerMaster = 0,
        string? password = null,
        bool keepsData = false,
        CancellationToken cancellationToken = default)
    {
        Assert.SkipWhen(ReasonToSkip(engine) is not null, ReasonToSkip(engine) ?? "");
        var cluster = new RedisClusterProcess(engine, masters * (1 + replicasPerMaster), replicasPerMaster, password, keepsData);
        try
        {
            await Task.WhenAll(cluster.Nodes.Select(n => n.StartAsync(cancellationToken)));
            cluster._client = await RedisClusterClient.ConnectAsync(
                [.. cluster.Nodes.Select(n => n.Member)], password, cancellationToken);
            await cluster.JoinAsync(masters, cancellationToken);
            await cluster.WaitUntilHealthyAsync(cancellationToken);
            await cluster.WaitForReplicasAsync(masters * replicasPerMaster, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every member serves.</summary>
    /// <exception cref="TimeoutException">They do not within two minutes; the message names what is wrong, by member.</exception>
    public Task WaitUntilHealthyAsync(CancellationToken cancellationToken) => WaitAsync(
        async () => (await ClusterInspection.FindProblemsAsync(Client)) is { Count: > 0 } problems
            ? string.Join("; ", problems.Select(p => $"{p.Key} {p.Value}"))
            : null,
        cancellationToken);

    /// <summary>Ends all processes at once and removes what they wrote.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        Parallel.ForEach(Nodes, n => n.Dispose());
        if (Directory.Exists(_directory.FullName))
        {
            _directory.Delete(recursive: true);
        }
    }

    private Task JoinAsync(int masters, CancellationToken cancellationToken) => WaitAsync(
        async () => await ClusterJoin.TryAsync(Client, masters)
            ? null
            : "The members did not join. They printed: " + string.Concat(Nodes.Select(n => n.Log)),
        cancellationToken);

    /// <summary>That a member follows another one reaches the third by gossip.</summary>
    private Task WaitForReplicasAsync(int replicas, CancellationToken cancellationToken) => WaitAsync(
        async () => (await Client.ViewsAsync()).All(view => view.Cluster.Nodes.Count(node => node.IsReplica) == replicas)
            ? null
            : $"Not every member knows all {replicas} replicas.",
        cancellationToken);

    private static async Task WaitAsync(Func<Task<string?>> problem, CancellationToken cancellationToken)
    {
        for (var start = TimeProvider.System.GetTimestamp();
            await problem() is { } found;
            await Task.Delay(20, cancellationToken))
        {
            if (TimeProvider.System.GetElapsedTime(start) > s_timeout)
            {
                throw new TimeoutException(found);
            }
        }
    }

    /// <summary>
    /// Why there can be no cluster of this engine here; null where there can. For fixtures, which can't skip tests themselves.
    /// </summary>
    public static string? ReasonToSkip(RedisEngine engine) => engine switch
    {
        RedisEngine.Garnet when !File.Exists(GarnetServer.DefaultPath) =>
            $"The NuGet package garnet-server {GarnetServer.Version} is not restored.",
        RedisEngine.RedisServer when !RedisServer.IsInstalled => "redis-server is not on PATH.",
        _ => null,
    };
}
