namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>Writes new keys, some hundreds a second, until it is stopped, and remembers which were acknowledged.</summary>
internal sealed class WriteLoad : IAsyncDisposable
{
    private const int Writers = 4;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);
    private readonly RedisPods set;
    private readonly CancellationTokenSource stop;
    private readonly int[] acknowledged = new int[Writers];
    private readonly Task work;
    private int unauthenticated;

    public WriteLoad(RedisPods set, CancellationToken cancellationToken)
    {
        this.set = set;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        work = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(w), CancellationToken.None)));
    }

    public int Acknowledged => acknowledged.Sum(a => Volatile.Read(ref a));

    /// <summary>Writes that were refused for their password; known when it has stopped.</summary>
    public int Unauthenticated => unauthenticated;

    /// <summary>Until so many more writes are acknowledged.</summary>
    public Task ProgressAsync(int writes, CancellationToken cancellationToken)
    {
        var goal = Acknowledged + writes;
        return Until.TrueAsync(() => Acknowledged >= goal, () => $"{Acknowledged} of {goal} writes acknowledged.\n{set.Describe()}", cancellationToken);
    }

    /// <summary>Stops, reads every acknowledged key and asserts that none is lost; returns how many there were.</summary>
    public async Task<int> StopAndVerifyAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await work;
        var lost = await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => LostAsync(w, cancellationToken), cancellationToken)));
        Assert.Empty(lost.SelectMany(l => l));
        return Acknowledged;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        stop.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        using var client = new ClusterClient(set);
        try
        {
            for (var i = 0; ; i++)
            {
                var reply = await client.SendAsync(stop.Token, "SET", $"load:{writer}:{i}", $"{i}");
                Assert.Equal("OK", reply);
                Volatile.Write(ref acknowledged[writer], i + 1);
                await Task.Delay(Breath, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end of the load; a write that was under way is not acknowledged.
            Interlocked.Add(ref unauthenticated, client.Unauthenticated);
        }
    }

    private async Task<List<string>> LostAsync(int writer, CancellationToken cancellationToken)
    {
        using var client = new ClusterClient(set);
        var lost = new List<string>();
        for (var i = 0; i < acknowledged[writer]; i++)
        {
            if (await client.SendAsync(cancellationToken, "GET", $"load:{writer}:{i}") != $"{i}")
            {
                lost.Add($"load:{writer}:{i}");
            }
        }

        return lost;
    }
}
