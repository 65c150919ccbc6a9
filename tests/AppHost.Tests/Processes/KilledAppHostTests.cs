using System.Text.RegularExpressions;

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

    /// <summary>
    /// ASP.NET's development certificates are kept in x509stores. The one that DCP's own API has is in no store; Aspire puts a
    /// copy of it where it would put a development certificate's.
    /// </summary>
    [Fact]
    public void AppHost_Running_MakesNoDevelopmentCertificate()
    {
        ProcessFamily.SkipUnlessReadable();

        Assert.DoesNotContain(run.HomeFiles, file => file.Contains("x509stores", StringComparison.Ordinal));
        Assert.Contains(Path.Combine(".aspire", "monorepo-dcp.pem"), run.HomeFiles);
        Assert.True(run.HomeFiles.Count(file => file.EndsWith(".crt", StringComparison.Ordinal)) <= 1);
    }

    /// <summary>An open dashboard calls the AppHost all the time; nobody who reads the console has asked for that.</summary>
    [Fact]
    public void AppHost_DashboardOpen_ConsoleHasTheLinkAndTheTable()
    {
        ProcessFamily.SkipUnlessReadable();

        var lines = run.Lines.Where(line => line.Length > 0 && !line.Contains(" still waits for ", StringComparison.Ordinal));

        // The cells of the table stand two spaces apart.
        var others = string.Join('\n', lines.Where(line => !line.Contains("  ", StringComparison.Ordinal)));
        Assert.True(Regex.IsMatch(others, $"^{KilledAppHost.Login}\\S+$"), others);
    }
}
