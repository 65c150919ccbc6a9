namespace MonoRepo.Tests;

/// <summary>Where nothing has been written down, and what becomes of entries that are gone.</summary>
public sealed class NoHistoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnThisMachine_ThereIsNoMetricAndNoHeading()
    {
        await using var playbooks = await PlaybooksProcess.StartAsync();

        Assert.DoesNotContain("What happened", await playbooks.GetPageAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("history_entry", await ScrapeAsync(playbooks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metric_FollowsTheFile()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "entries");
        await using var playbooks = await PlaybooksProcess.StartAsync(("History", path));
        Assert.Contains("Nothing has been done yet.", await playbooks.GetPageAsync("/history"), StringComparison.Ordinal);

        const string First = """{"at":"2026-11-27T10:00:00Z","command":"apply","result":"done"}""";
        await File.WriteAllTextAsync(path, First + "\n", Token);
        await Eventually.HoldsAsync(async () => (await ScrapeAsync(playbooks)).Contains(
            "command=\"apply\"", StringComparison.Ordinal), "the entry is shown");
        await File.WriteAllTextAsync(path, First.Replace("apply", "restart", StringComparison.Ordinal) + "\n", Token);
        await Eventually.HoldsAsync(
            async () => await ScrapeAsync(playbooks) is var text
                && text.Contains("command=\"restart\"", StringComparison.Ordinal)
                && !text.Contains("command=\"apply\"", StringComparison.Ordinal),
            "the other one is shown instead");
    }

    private static async Task<string> ScrapeAsync(PlaybooksProcess playbooks)
    {
        using var http = new HttpClient { BaseAddress = playbooks.Address };
        return await http.GetStringAsync("/metrics", Token);
    }
}
