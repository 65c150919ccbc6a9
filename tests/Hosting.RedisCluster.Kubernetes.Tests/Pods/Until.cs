using System.Diagnostics;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

internal static class Until
{
    /// <summary>Polls a condition, and fails with a description when it does not come true in time.</summary>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, Func<string> describe, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(100, cancellationToken))
        {
            if (watch.Elapsed > (patience ?? RedisPods.Patience))
            {
                Assert.Fail($"Not within {(patience ?? RedisPods.Patience).TotalSeconds} s:\n{describe()}");
            }
        }
    }

    public static Task TrueAsync(Func<bool> condition, Func<string> describe, CancellationToken cancellationToken) =>
        TrueAsync(() => Task.FromResult(condition()), describe, cancellationToken);
}
