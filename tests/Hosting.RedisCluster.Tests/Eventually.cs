namespace MonoRepo.Tests;

/// <summary>Waits for a fact rather than for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(90);

    /// <summary>Asks until <paramref name="fact"/> holds; how long that took.</summary>
    public static async Task<TimeSpan> Holds(Func<Task<bool>> fact, string what, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await fact())
        {
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            Assert.True(elapsed < s_timeout, $"After {s_timeout.TotalSeconds} s it is still not so that {what}.");
            await Task.Delay(50, cancellationToken);
        }

        return TimeProvider.System.GetElapsedTime(start);
    }
}
