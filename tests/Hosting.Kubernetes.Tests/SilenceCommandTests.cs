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

        var id = (await RunAsync(
            "silence", "add", "alertname=Slow", "pod=~\"web-.*\"", "--for", "2h", "--comment", "known", "--author", "jane",
            "--env", "dev", "--alertmanager", url)).Succeeded().Trim();
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
        Assert.Contains($"Alertmanager at {nowhere}/ can't be queried", away.Error, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("No rule of 'dev' has the alert 'RedisSlotLost'. Did you mean 'RedisSlotsLost'?", "RedisSlotLost")]
    [InlineData("No rule of 'dev' has the alert 'Slow'. There are: CallersRefused, CriticalCallsShed, ", "Slow", "pod=a")]
    [InlineData("--for has to be a time such as 2h, 30d at most.", "NoData", "--for", "31d")]
    [InlineData("'99999999d' isn't a time.", "NoData", "--for", "99999999d")]
    public async Task WhatNobodyMeans_IsRefused(string line, params string[] words)
    {
        var run = await RunAsync(["silence", "add", "--env", "dev", "--alertmanager", "http://127.0.0.1:1", .. words]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(line, run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nUse --help to see what there is.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutACluster_TheWayToALocalAlertmanagerIsNamed()
    {
        var start = new ProcessStartInfo("dotnet", [AppHostTests.AppHost, "silence", "list"]);
        start.Environment["KUBECONFIG"] = Path.Combine(_folder.Path, "config");

        var run = await ProgramRun.RunAsync(start, Cancellation);

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith(
            " For the Alertmanager of a local run, use --alertmanager URL.", Assert.Single(run.Error.Trim().Split('\n')),
            StringComparison.Ordinal);
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
