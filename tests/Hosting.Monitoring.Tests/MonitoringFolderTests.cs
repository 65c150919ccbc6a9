using System.Diagnostics;
using MonoRepo.Hosting.Monitoring.Local;

namespace MonoRepo.Tests;

public sealed class MonitoringFolderTests
{
    [Fact]
    public async Task ARunDeletesWhatKilledRunsLeftAndNothingElse()
    {
        using var living = new MonitoringFolder();
        living.Begin();
        living.Write("kept", "file");
        using var ended = Process.Start("sh", ["-c", "exit"]);
        await ended.WaitForExitAsync(TestContext.Current.CancellationToken);
        var killed = Directory.CreateTempSubdirectory($"monorepo-monitoring-{ended.Id}-").FullName;
        File.WriteAllText(Path.Combine(killed, "rules.json"), "");
        var beingMade = Directory.CreateTempSubdirectory($"monorepo-monitoring-{Environment.ProcessId}-").FullName;

        using (var next = new MonitoringFolder())
        {
            next.Begin();

            Assert.False(Directory.Exists(killed));
            Assert.True(Directory.Exists(beingMade));
            Assert.True(File.Exists(living.PathOf("file")));
            Assert.True(Directory.Exists(next.Root));
        }

        Directory.Delete(beingMade);
    }

    [Fact]
    public void ItIsGoneAfterTheRun()
    {
        var folder = new MonitoringFolder();
        folder.Begin();
        folder.Write("text", "rules", "file");

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Root));
    }
}
