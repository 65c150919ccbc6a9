using System.Diagnostics;
using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes.Faults;

/// <summary>
/// Writes keys once and remembers what was promised of each: acknowledged, which the loss of a master may undo, or on the disk of
/// the master and with a replica (<c>WAIT 1</c>, fsync on every write), which nothing but the loss of both volumes may.
/// </summary>
internal sealed class CheckedLoad : IAsyncDisposable
{
    private const int Writers = 4;
    private static readonly bool s_all = Environment.GetEnvironmentVariable("REDIS_FAULT_PROMISE") == "acknowledged";
    private readonly RedisPods _pods;
    private readonly CancellationTokenSource _stop;
    private readonly List<(string Key, bool IsSafe, DateTime At)>[] _written =
        [.. Enumerable.Range(0, Writers).Select(_ => new List<(string, bool, DateTime)>())];
    private readonly long[] _last = [.. Enumerable.Repeat(Stopwatch.GetTimestamp(), Writers)];
    private readonly int[] _verified = new int[Writers];
    private readonly Task _work;

    public CheckedLoad(RedisPods pods, CancellationToken cancellationToken)
    {
        _pods = pods;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _work = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(w), CancellationToken.None)));
    }

    public int Acknowledged => _written.Sum(w => { lock (w) { return w.Count; } });

    public int Safe => _written.Sum(w => { lock (w) { return w.Count(k => k.IsSafe); } });

    /// <summary>Acknowledged, without a replica's word, and gone.</summary>
    public int LostUnsafe { get; private set; }

    /// <summary>The longest time that a writer waited for one acknowledgement.</summary>
    public TimeSpan Gap { get; private set; }

    /// <summary>
    /// Reads the keys that were written since the last time, or all; returns those that were promised and are gone.
    /// </summary>
    public async Task<IReadOnlyList<string>> LostAsync(bool all, CancellationToken cancellationToken)
    {
        if (_work.IsFaulted)
        {
            await _work;
        }

        var lost = await Task.WhenAll(Enumerable.Range(
            0, Writers).Select(w => Task.Run(() => LostAsync(w, all, cancellationToken), cancellationToken)));
        LostUnsafe += all ? 0 : lost.Sum(l => l.Count(k => !k.IsSafe));
        return [.. lost.SelectMany(l => l).Where(k => k.IsSafe).Select(k => $"{k.Key} of {k.At:HH:mm:ss.fff}")];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        using var client = new RedisPodsClient(_pods);
        try
        {
            for (var i = 0; ; i++)
            {
                var isSafe = await client.SetAndWaitAsync(_stop.Token, $"load:{writer}:{i}", $"{i}") || s_all;
                var gap = Stopwatch.GetElapsedTime(_last[writer]);
                lock (_written[writer])
                {
                    _written[writer].Add(($"load:{writer}:{i}", isSafe, DateTime.Now));
                    Gap = gap > Gap ? gap : Gap;
                    _last[writer] = Stopwatch.GetTimestamp();
                }

                await Task.Delay(4, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the load.
        }
    }

    private async Task<List<(string Key, bool IsSafe, DateTime At)>> LostAsync(
        int writer, bool all, CancellationToken cancellationToken)
    {
        using var client = new RedisPodsClient(_pods);
        List<(string Key, bool IsSafe, DateTime At)> keys, lost = [];
        lock (_written[writer])
        {
            keys = [.. _written[writer].Skip(all ? 0 : _verified[writer])];
            _verified[writer] = _written[writer].Count;
        }

        foreach (var key in keys)
        {
            if (await client.SendAsync(cancellationToken, "GET", key.Key) is null)
            {
                lost.Add(key);
            }
        }

        return lost;
    }
}
