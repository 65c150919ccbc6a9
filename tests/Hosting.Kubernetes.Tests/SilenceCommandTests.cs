using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MonoRepo.Tests;

/// <summary>The verb <c>silence</c>, as a user calls it, and a real Alertmanager.</summary>
public sealed class SilenceCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silence_IsOfOneEnvironment_FromAddToExpire()
    {
        var url = $"http://127.0.0.1:{Tools.FreePort()}";
        using var alertmanager = await ToolProcess.StartAsync(
            "prometheus-alertmanager", new Uri(url).Port,
            $"--config.file={_folder.Write("alertmanager.yml", "route: { receiver: none }\nreceivers: [{ name: none }]\n")}",
            $"--storage.path={_folder.Path}", $"--web.listen-address={url["http://".Length..]}", "--cluster.listen-address=");
        using var http = new HttpClient { BaseAddress = new(url) };
        await FireAsync(http, "dev", "staging");

        var id = (await RunAsync("silence", "add", "Slow", "pod=~\"web-.*\"", "--for", "2h", "--comment", "known", "--author",
            "jane", "--env", "dev", "--alertmanager", url)).Succeeded().Trim();
        Assert.True(Guid.TryParse(id, out _), id);
        await Eventually.HoldsAsync(async () => await StateAsync(http, "dev") == "suppressed", "the alert is silenced");
        Assert.Equal("active", await StateAsync(http, "staging"));
        Assert.Matches($"\n{id} +\\S+ +jane +alertname=\"Slow\" pod=~\"web-[.][*]\": known\n", (await RunAsync(
            "silence", "list", "--env", "dev", "--alertmanager", url)).Succeeded());
        Assert.Equal("No silences in 'staging'.\n", (await RunAsync("silence", "list", "--env", "staging", "--alertmanager", url))
            .Succeeded());

        var refused = await RunAsync("silence", "expire", id, "--env", "staging", "--alertmanager", url);
        Assert.Equal((1, $"'staging' has no silence {id}. `silence list` names those that hold."), (
            refused.ExitCode, refused.Error.Trim()));
        var ended = JsonNode.Parse(
            (await RunAsync("silence", "expire", "--all", "-o", "json", "--env", "dev", "--alertmanager", url)).Succeeded())!;
        Assert.Equal(id, (string?)ended["expired"]![0]!["id"]);
        await Eventually.HoldsAsync(async () => await StateAsync(http, "dev") == "active", "the silence has ended");

        var nowhere = $"http://127.0.0.1:{Tools.FreePort()}";
        var away = await RunAsync("silence", "list", "--alertmanager", nowhere);
        Assert.Equal((1, 1), (away.ExitCode, away.Error.Trim().Split('\n').Length));
        Assert.Contains($"Alertmanager at {nowhere}/ can't be asked", away.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadUsage_IsToldAllAtOnce()
    {
        var run = await RunAsync("silence", "add", "a b", "job=~(", "environment=prod", "--for", "0s", "--alertmanager", "here");

        Assert.Equal(2, run.ExitCode);
        foreach (var part in new[]
        {
            "'a b' isn't a matcher",
            "'job=~(' isn't a regular expression",
            "Name it with --env",
            "--for has to be a time",
            "'here' isn't an address",
        })
        {
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        }
    }

    private static async Task FireAsync(HttpClient http, params IEnumerable<string> environments)
    {
        var alerts = environments.Select(environment => new { labels = new { alertname = "Slow", pod = "web-1", environment } });
        (await http.PostAsJsonAsync("/api/v2/alerts", alerts, Cancellation)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => await StateAsync(http, "dev") == "active", "the alert is there");
    }

    private static async Task<string?> StateAsync(HttpClient http, string environment)
    {
        var alerts = await http.GetFromJsonAsync<JsonArray>("/api/v2/alerts", Cancellation);
        return (string?)alerts!.FirstOrDefault(a => (string?)a!["labels"]!["environment"] == environment)?["status"]!["state"];
    }

    private static Task<ProgramRun> RunAsync(params string[] arguments) =>
        ProgramRun.RunAsync(new ProcessStartInfo("dotnet", [AppHostTests.AppHost, .. arguments]), Cancellation);
}
