namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>Writes new keys, some hundreds a second, until it is stopped, and remembers which were acknowledged.</summary>
internal sealed class WriteLoad : IAsyncDisposable
{
    private const int Writers = 4;
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(5);
    private readonly RedisPods _set;
    private readonly CancellationTokenSource _stop;
    private readonly int[] _acknowledged = new int[Writers];
    private readonly Task _work;
    private int _unauthenticated;

    public WriteLoad(RedisPods set, CancellationToken cancellationToken)
    {
        _set = set;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _work = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(w), CancellationToken.None)));
    }

    public int Acknowledged => _acknowledged.Sum(a => Volatile.Read(ref a));

    /// <summary>Writes that were refused for their password; known when it has stopped.</summary>
    public int Unauthenticated => _unauthenticated;

    /// <summary>Until so many more writes are acknowledged.</summary>
    public Task ProgressAsync(int writes, CancellationToken cancellationToken)
    {
        var goal = Acknowledged + writes;
        return Eventually.HoldsAsync(() =>
            Acknowledged >= goal, () => $"{Acknowledged} of {goal} writes acknowledged.\n{_set.Describe()}");
    }

    /// <summary>Stops, reads every acknowledged key and asserts that none is lost; returns how many there were.</summary>
    public async Task<int> StopAndVerifyAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work;
        var lost = await Task.WhenAll(Enumerable.Range(
            0, Writers).Select(w => Task.Run(() => LostAsync(w, cancellationToken), cancellationToken)));
        Assert.Empty(lost.SelectMany(l => l));
        return Acknowledged;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        using var client = new RedisPodsClient(_set);
        try
        {
            for (var i = 0; ; i++)
            {
                var reply = await client.SendAsync(_stop.Token, "SET", $"load:{writer}:{i}", $"{i}");
                Assert.Equal("OK", reply);
                Volatile.Write(ref _acknowledged[writer], i + 1);
                await Task.Delay(s_breath, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the load; a write that was under way is not acknowledged.
            Interlocked.Add(ref _unauthenticated, client.Unauthenticated);
        }
    }

    private async Task<List<string>> LostAsync(int writer, CancellationToken cancellationToken)
    {
        using var client = new RedisPodsClient(_set);
        var lost = new List<string>();
        for (var i = 0; i < _acknowledged[writer]; i++)
        {
            if (await client.SendAsync(cancellationToken, "GET", $"load:{writer}:{i}") != $"{i}")
            {
                lost.Add($"load:{writer}:{i}");
            }
        }

        return lost;
    }
}
