using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MonoRepo.Notifier.Channels;
using MonoRepo.Notifier.Commands;
using static MonoRepo.Tests.NotifierProcess;

namespace MonoRepo.Tests;

/// <summary>
/// What operators ask for in a channel: a real ngircd, a real Alertmanager; and a stand-in that tells accounts.
/// </summary>
public sealed class ChatCommandTests(SharedRedis redis) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Operator_SeesAcknowledgesAndSilencesAlerts_AndNobodyElseDoes()
    {
        var (irc, web) = (Tools.FreePort(), Tools.FreePort());
        using var server = await ToolProcess.StartAsync("ngircd", irc, "--nodaemon", "--config", _folder.Write("ngircd.conf", $"""
            [Global]
            Name = irc.example.org
            Info = test
            Listen = 127.0.0.1
            Ports = {irc}
            [Limits]
            MaxConnectionsIP = 0
            [Options]
            DNS = no
            Ident = no
            PAM = no
            """));
        using var alertmanager = await ToolProcess.StartAsync(
            "prometheus-alertmanager", web,
            $"--config.file={_folder.Write("alertmanager.yml", "route: { receiver: none }\nreceivers: [{ name: none }]\n")}",
            $"--storage.path={_folder.Path}", $"--web.listen-address=127.0.0.1:{web}", "--cluster.listen-address=");
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{web}") };
        await FireAsync(http, ("Slow", "web-1"), ("Slow", "web-2"), ("Full", "web-1"));
        await using var notifier = await StartAsync(
            redis.ConnectionString, ("Alertmanager", $"http://127.0.0.1:{web}"), ("Receivers__chat__Irc__Server", "localhost"),
            ("Receivers__chat__Irc__Port", $"{irc}"), ("Receivers__chat__Irc__Tls", "false"),
            ("Receivers__chat__Irc__Channel", "#ops"),
            ("Receivers__chat__Irc__Operators", "Jane"));
        using var jane = await IrcPerson.JoinAsync(irc);
        using var mallory = await IrcPerson.JoinAsync(irc, "mallory");
        Assert.Equal(200, await notifier.PostAsync(Group("Begin")));
        await Heard(jane, "FIRING");

        // Privately it answers nobody, and to others it says so once.
        await jane.SayAsync("!alerts", to: "notifier");
        await mallory.SayAsync("!ack Slow");
        await Heard(jane, "mallory isn't an operator.");
        await mallory.SayAsync("!ack Slow");
        await jane.SayAsync("!alerts");
        await Heard(jane, "ticket Full: Full of web-1 (since ");
        await jane.SayAsync("!runbook slow");
        await Heard(jane, "Slow: docs/runbooks/Slow.md");
        Assert.Equal(0, await SilencedAsync(http));
        Assert.Single(jane.Heard, line => line.Contains("mallory", StringComparison.Ordinal));
        Assert.Equal(3, jane.Heard.Count(line => line.Contains("(since ", StringComparison.Ordinal)));

        await jane.SayAsync("!ack Slow");
        await Heard(jane, "Slow is acknowledged by jane: silent until ");
        await Eventually.HoldsAsync(async () => await SilencedAsync(http) == 2, "both alerts of that name are silenced");
        await jane.SayAsync("!silence Full 2h the disk is\u0001 coming");
        await Heard(jane, "Full is silent until ");
        await Eventually.HoldsAsync(async () => await SilencedAsync(http) == 3, "it is silenced");

        var silences = await http.GetFromJsonAsync<JsonArray>("/api/v2/silences", Cancellation);
        Assert.Equal(["ack by jane", "ack by jane", "the disk is\u0001 coming"], silences!.Select(s => (string)s!["comment"]!)
            .Order(StringComparer.Ordinal));
        var full = silences!.Single(s => ((string)s!["comment"]!).StartsWith("the", StringComparison.Ordinal))!;
        Assert.Equal(["alertname=Full", "environment=dev"], full["matchers"]!.AsArray().Select(m => $"{m!["name"]}={m["value"]}")
            .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("!alerts", "There is no Alertmanager to ask (Notifier__Alertmanager).")]
    [InlineData("!help", "!alerts, !silence ALERT")]
    public async Task WithoutAlertmanager_ItSaysSo(string text, string answer) =>
        Assert.StartsWith(
            answer, Assert.Single(await new ChatCommands(null, TimeProvider.System).AnswerAsync("jane", text, Cancellation)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("!silence", "I don't know '!silence' like this.")]
    [InlineData("!make coffee", "I don't know '!make' like this.")]
    [InlineData("!silence X 100d", "A silence lasts from 1m to 7d.")]
    [InlineData("!ack X", "Alertmanager can't be queried now: ")]
    public async Task Mistakes_AreALine(string text, string answer)
    {
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Tools.FreePort()}/") };

        Assert.StartsWith(
            answer, Assert.Single(await new ChatCommands(new(http), TimeProvider.System).AnswerAsync("jane", text, Cancellation)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_CountWhereTheServerTellsThem_NotNicks()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new IrcOptions
        {
            Server = "localhost",
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            Tls = false,
            Channel = "#ops",
            Operators = "jane, joe",
        };
        await using var channel = new IrcChannel(options, new(null, TimeProvider.System));
        var opening = channel.OpenAsync(Cancellation);
        using var client = await listener.AcceptTcpClientAsync(Cancellation);
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        while (await reader.ReadLineAsync(Cancellation) is { } line && !line.StartsWith("JOIN", StringComparison.Ordinal))
        {
            await writer.WriteLineAsync(line switch
            {
                "CAP REQ :account-tag" => ":irc CAP * ACK :account-tag",
                "CAP END" => ":irc 001 notifier :Welcome",
                _ => ":irc NOTICE * :go on",
            });
        }

        await writer.WriteLineAsync(":irc 366 notifier #ops :End");
        await opening;
        await writer.WriteLineAsync(":jane!u@h PRIVMSG #ops :!help");
        Assert.Equal("PRIVMSG #ops :jane isn't an operator, or isn't logged in.", await reader.ReadLineAsync(Cancellation));
        await writer.WriteLineAsync("@account=joe;time=1 :anybody!u@h PRIVMSG #ops :!help");
        Assert.StartsWith("PRIVMSG #ops :!alerts, ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    private static Task Heard(IrcPerson person, string what) => Eventually.HoldsAsync(
        () => person.Heard.Any(line => line.StartsWith(what, StringComparison.Ordinal)), $"'{what}' is heard");

    private static async Task FireAsync(HttpClient http, params IEnumerable<(string Name, string Pod)> alerts)
    {
        var posted = alerts.Select(alert => new
        {
            labels = new { alertname = alert.Name, pod = alert.Pod, environment = "dev", severity = "ticket" },
            annotations = new { summary = $"{alert.Name} of {alert.Pod}", runbook_url = $"docs/runbooks/{alert.Name}.md" },
        }).ToList();
        (await http.PostAsJsonAsync("/api/v2/alerts", posted, Cancellation)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(
            async () => (await http.GetFromJsonAsync<JsonArray>("/api/v2/alerts", Cancellation))!.Count == posted.Count,
            "the alerts are there");
    }

    private static async Task<int> SilencedAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonArray>(
            "/api/v2/alerts", Cancellation))!.Count(a => (string?)a!["status"]!["state"] == "suppressed");
}
