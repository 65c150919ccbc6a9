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
    public static async Task<TimeSpan> HoldsAsync(Func<Task<bool>> fact, string what)
    {
        var start = Stopwatch.GetTimestamp();
        for (; !await fact(); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_timeout, $"It is still not so that {what}.");
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string)" />
    public static Task<TimeSpan> HoldsAsync(Func<bool> fact, string what) => HoldsAsync(() => Task.FromResult(fact()), what);
}
