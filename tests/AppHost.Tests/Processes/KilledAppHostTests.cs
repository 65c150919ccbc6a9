namespace MonoRepo.Tests;

/// <summary>What a run leaves on a machine, and who can reach it.</summary>
public sealed class KilledAppHostTests(KilledAppHost run) : IClassFixture<KilledAppHost>
{
    [Fact]
    public void AppHost_Killed_LeavesNoProcess()
    {
        ProcessFamily.SkipUnlessReadable();

        Assert.Empty(run.Left);
    }

    [Fact]
    public void AppHost_Running_ListensOnLoopbackOnly()
    {
        ProcessFamily.SkipUnlessReadable();

        Assert.Contains(run.Listeners, l => l.Program.Contains("Aspire.Dashboard", StringComparison.Ordinal));
        Assert.Contains(run.Listeners, l => l.Program.Contains("Todo.Server", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Listeners, l => !l.IsLoopback);
    }

    /// <summary>ASP.NET's development certificates are kept in these folders.</summary>
    [Fact]
    public void AppHost_Running_MakesNoCertificateInHome()
    {
        ProcessFamily.SkipUnlessReadable();

        Assert.DoesNotContain(run.HomeFiles, file => file.Contains("x509stores", StringComparison.Ordinal) || file.Contains("dev-certs", StringComparison.Ordinal));
    }
}
