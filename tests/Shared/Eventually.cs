using System.Diagnostics;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>Waits for a fact rather than for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(90);

    /// <summary>Asks again until it is so.</summary>
    /// <param name="fact">What is waited for.</param>
    /// <param name="what">The same, in words.</param>
    /// <returns>How long that took.</returns>
    public static Task<TimeSpan> HoldsAsync(Func<Task<bool>> fact, string what) =>
        HoldsAsync(fact, () => $"It is still not so that {what}.", interval: 20);

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string)" />
    public static Task<TimeSpan> HoldsAsync(Func<bool> fact, string what) => HoldsAsync(() => Task.FromResult(fact()), what);

    /// <summary>Asks again until it is so.</summary>
    /// <param name="fact">What is waited for.</param>
    /// <param name="describe">What there is instead.</param>
    /// <param name="interval">Milliseconds between two questions; a fact that starts processes is asked for less often.</param>
    /// <param name="timeout">The longest time; 90 s by default.</param>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> HoldsAsync(
        Func<Task<bool>> fact, Func<string> describe, int interval = 100, TimeSpan? timeout = null)
    {
        var start = Stopwatch.GetTimestamp();
        for (; !await fact(); await Task.Delay(interval, TestContext.Current.CancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > (timeout ?? s_timeout))
            {
                Assert.Fail($"Not within {(timeout ?? s_timeout).TotalSeconds} s:\n{describe()}");
            }
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, Func{string}, int, TimeSpan?)" />
    public static Task<TimeSpan> HoldsAsync(
        Func<bool> fact, Func<string> describe, int interval = 100, TimeSpan? timeout = null) =>
        HoldsAsync(() => Task.FromResult(fact()), describe, interval, timeout);

    /// <summary>Asks again until the answer is as wanted.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="isWanted">Whether this is the answer.</param>
    /// <param name="describe">What is said of the last one that was not.</param>
    /// <param name="interval">Milliseconds between two questions.</param>
    /// <param name="timeout">The longest time; 90 s by default.</param>
    /// <returns>The answer.</returns>
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> ask, Predicate<T> isWanted, Func<T, string> describe, int interval = 100, TimeSpan? timeout = null)
    {
        var answer = default(T)!;
        await HoldsAsync(async () => isWanted(answer = await ask()), () => describe(answer), interval, timeout);
        return answer;
    }
}
