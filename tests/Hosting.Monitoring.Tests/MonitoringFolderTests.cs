using MonoRepo.Hosting.Monitoring.Local;

namespace MonoRepo.Tests;

public sealed class MonitoringFolderTests
{
    [Fact]
    public void ARunDeletesWhatKilledRunsLeftAndNothingElse()
    {
        using var living = new MonitoringFolder();
        living.Begin();
        living.Write("kept", "file");
        var killed = Directory.CreateDirectory(Path.Combine(
            Path.GetTempPath(), $"monorepo-monitoring-{Path.GetRandomFileName()}")).FullName;
        File.WriteAllText(Path.Combine(killed, "lock"), "");
        var beingMade = Directory.CreateDirectory(Path.Combine(
            Path.GetTempPath(), $"monorepo-monitoring-{Path.GetRandomFileName()}")).FullName;

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
