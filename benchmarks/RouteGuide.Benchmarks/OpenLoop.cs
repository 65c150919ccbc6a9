using System.Diagnostics;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// Calls that are due at random times whatever became of the earlier ones, as those of many independent callers.
/// </summary>
internal static class OpenLoop
{
    /// <summary>Makes calls for this long, on average <paramref name="rate"/> a second; returns when all have ended.</summary>
    /// <param name="start">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="duration">How long calls begin.</param>
    /// <param name="rate">Calls a second.</param>
    /// <param name="interval">How often it is looked for calls that are due.</param>
    /// <param name="random">Its numbers decide when calls are due.</param>
    /// <param name="call">Makes a call, which was due so long after the start.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(
        long start, TimeSpan duration, double rate, TimeSpan interval, Random random, Func<TimeSpan, Task> call,
        CancellationToken cancellationToken)
    {
        var (pending, due) = (new List<Task>(), TimeSpan.Zero);
        using var timer = new PeriodicTimer(interval);
        while (due < duration)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            for (;
                due < duration && due <= Stopwatch.GetElapsedTime(start);
                due -= Math.Log(1 - random.NextDouble()) * TimeSpan.FromSeconds(1 / rate))
            {
                pending.Add(call(due));
            }
        }

        await Task.WhenAll(pending);
    }
}
