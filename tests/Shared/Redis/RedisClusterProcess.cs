using MonoRepo.Hosting.RedisCluster.Topology;
using MonoRepo.Hosting.RedisCluster.Local;
using Xunit;

namespace MonoRepo.Tests.Redis;

/// <summary>A Redis Cluster of plain processes on free ports of loopback, which end with the test process at the latest.</summary>
public sealed class RedisClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("monorepo-test-redis-");
    private readonly string? password;

    private RedisClusterProcess(RedisEngine engine, int members, int replicasPerMaster, string? password, bool keepsData)
    {
        this.password = password;
        Nodes =
        [
            .. Enumerable.Range(0, members).Select(i => new RedisNodeProcess(engine, $"redis-{i}", new(
                FreePorts.Next(), directory.CreateSubdirectory($"{i}").FullName, keepsData, replicasPerMaster > 0, password))),
        ];
    }

    /// <summary>The members: first the masters, then the replicas (in the roles they started with).</summary>
    public IReadOnlyList<RedisNodeProcess> Nodes { get; }

    /// <summary>In StackExchange.Redis's format, all members.</summary>
    public string ConnectionString =>
        string.Join(',', Nodes.Select(n => $"127.0.0.1:{n.Port}")) + (password is null ? "" : $",password={password}");

    internal IReadOnlyList<ClusterMember> Members => [.. Nodes.Select(n => n.Member)];

    /// <summary>Starts the processes and joins them; returns when the cluster takes reads and writes. Skips the test where the engine is missing.</summary>
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
            await cluster.JoinAsync(masters, cancellationToken);
            await cluster.WaitUntilHealthyAsync(cancellationToken);
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
    public async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ; await Task.Delay(20, cancellationToken))
        {
            var faults = await ClusterInspection.FaultsAsync(Members, TimeProvider.System, cancellationToken);
            if (faults.Count == 0)
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException(string.Join("; ", faults.Select(f => $"{f.Key} {f.Value}")));
            }
        }
    }

    private async Task JoinAsync(int masters, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await ClusterJoin.RunAsync(Members, masters, TimeProvider.System, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The members did not join. They printed: " + string.Concat(Nodes.Select(n => n.Log)));
        }
    }

    /// <summary>Ends all processes at once and removes what they wrote.</summary>
    public ValueTask DisposeAsync()
    {
        Parallel.ForEach(Nodes, n => n.Dispose());
        if (Directory.Exists(directory.FullName))
        {
            directory.Delete(recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Why there can be no cluster of this engine here; null where there can. For fixtures, which can't skip tests themselves.</summary>
    public static string? ReasonToSkip(RedisEngine engine) => engine switch
    {
        RedisEngine.Garnet when !File.Exists(GarnetServer.DefaultPath) => $"The NuGet package garnet-server {GarnetServer.Version} is not restored.",
        RedisEngine.RedisServer when !RedisServer.IsInstalled => "redis-server is not on PATH.",
        _ => null,
    };
}
