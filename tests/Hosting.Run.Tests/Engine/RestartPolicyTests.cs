using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests.Engine;

public sealed class RestartPolicyTests
{
    private const string Forever = "exec sleep 3600";

    [Fact]
    public async Task ACrashIsMendedOnlyWhereThePolicySaysSo()
    {
        var count = Path.GetTempFileName();
        var builder = new TestBuilder();
        var script = $"echo x >> {count}; [ $(wc -l < {count}) -ge 3 ] && {{ {Forever}; }}; exit 7";
        builder.AddExecutable("phoenix", "/bin/sh", "/tmp", "-c", script).WithRestartPolicy(initialDelay: TimeSpan.FromMilliseconds(10));
        builder.AddExecutable("mortal", "/bin/sh", "/tmp", "-c", "exit 7");
        await using var app = await RunningApp.StartAsync(builder);

        await app.UntilLoggedAsync("(restart 2)");
        await app.UntilAsync("phoenix", KnownResourceStates.Running);
        var mortal = await app.UntilAsync("mortal", KnownResourceStates.Finished);

        Assert.Equal(3, File.ReadAllLines(count).Length);
        Assert.DoesNotContain($"{mortal.ResourceId} is started again", app.Log);
        File.Delete(count);
    }

    [Fact]
    public async Task ARestartPolicyGivesUp()
    {
        var builder = new TestBuilder();
        builder.AddExecutable("hopeless", "/bin/sh", "/tmp", "-c", "exit 1").WithRestartPolicy(maxRestarts: 2, initialDelay: TimeSpan.FromMilliseconds(10));
        await using var app = await RunningApp.StartAsync(builder);

        await app.UntilLoggedAsync("was started again 2 times and is left alone now");
    }
}
