using Aspire.Hosting;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class RestartPolicyTests
{
    [Fact]
    public void TheDelayDoublesUpToItsGreatest()
    {
        var policy = new RestartPolicyAnnotation(5, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(1, 5).Select(i => policy.DelayBefore(i).TotalSeconds));
        Assert.Equal(5, policy.DelayBefore(1_000_000).TotalSeconds);
    }

    [Fact]
    public void ADelayIsPositiveAndARestartPossible()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".");
        Assert.Throws<ArgumentOutOfRangeException>(() => a.WithRestartPolicy(maxRestarts: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => a.WithRestartPolicy(initialDelay: TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => a.WithRestartPolicy(initialDelay: TimeSpan.FromSeconds(2), maxDelay: TimeSpan.FromSeconds(1)));
    }
}
