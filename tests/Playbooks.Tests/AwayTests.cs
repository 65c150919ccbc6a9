using MonoRepo.Playbooks.Dashboards;
using MonoRepo.Playbooks.Pages;
using MonoRepo.ServiceDefaults.Pages;

namespace MonoRepo.Tests;

/// <summary>Without Prometheus; and the parts that need none.</summary>
public sealed class AwayTests
{
    [Fact]
    public async Task NotInstalled_SaysWhatToInstall_AndShowsTheRunbooks()
    {
        await using var playbooks = await PlaybooksProcess.StartAsync();

        var page = await playbooks.GetPageAsync("/");

        Assert.Contains(
            "<p class=\"problem\">No Prometheus runs here. Install it (Debian, Ubuntu: apt install ",
            page,
            StringComparison.Ordinal);
        Assert.Contains("href=\"/runbooks/RedisSlotsLost\"", page, StringComparison.Ordinal);
        Assert.Contains(
            "<h1>Unready: state unknown</h1>", await playbooks.GetPageAsync("/runbooks/Unready"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Away_IsOneLine_AndShowsTheRunbooks()
    {
        var (prometheus, alertmanager) = ($"http://127.0.0.1:{Tools.FreePort()}/", $"http://127.0.0.1:{Tools.FreePort()}/");
        using var folder = new TemporaryFolder();
        folder.Write("one.json", """
            { "uid": "one", "title": "One", "panels": [
              { "type": "timeseries", "title": "Up", "targets": [{ "refId": "A", "expr": "up" }] }] }
            """);
        await using var playbooks = await PlaybooksProcess.StartAsync(
            ("Prometheus", prometheus), ("Alertmanager", alertmanager), ("Dashboards", folder.Path));

        var page = await playbooks.GetPageAsync("/");

        Assert.Contains($"<p class=\"problem\">Prometheus at {prometheus} doesn&#x27;t answer: ", page, StringComparison.Ordinal);
        Assert.Contains(
            $"<p class=\"problem\">Alertmanager at {alertmanager} doesn&#x27;t answer: ", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/runbooks/RedisSlotsLost\"", page, StringComparison.Ordinal);
        Assert.Contains("doesn&#x27;t answer: ", await playbooks.GetPageAsync("/dashboards/one"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short", 1234567, "1.23M")]
    [InlineData("short", double.NaN, "–")]
    [InlineData("percentunit", 0.0005, "0.05 %")]
    [InlineData("percentunit", 0.00015, "0.015 %")]
    [InlineData("s", 0.0123, "12.3 ms")]
    [InlineData("s", 300, "5 min")]
    [InlineData("bytes", 1572864, "1.5 MiB")]
    [InlineData("Bps", 512, "512 B/s")]
    [InlineData("reqps", 1500, "1.5K/s")]
    [InlineData("furlongs", -2, "-2")]
    public void Units_AreWrittenAsPeopleDo(string unit, double value, string text) =>
        Assert.Equal(text, Units.Format(unit, value));

    [Theory]
    [InlineData("short", 0, 7, new[] { 0.0, 2, 4, 6, 8 })]
    [InlineData("percentunit", -1, 1, new[] { -1, -0.5, 0, 0.5, 1 })]
    [InlineData("bytes", 0, 3 << 20, new[] { 0.0, 1 << 20, 2 << 20, 3 << 20 })]
    public void Ticks_AreEasyToRead(string unit, double lowest, double highest, double[] ticks) =>
        Assert.Equal(ticks, Units.Ticks(unit, lowest, highest));

    [Fact]
    public void Html_EncodesWhatIsPutIn_AndFollowsHttpOnly()
    {
        var text = "\"<&'>";
        Html list = $"<b title=\"{text}\">{new[] { 1.5 }.Select(n => (Html)$"<i>{n:0.00}</i>")}</b>";

        Assert.Equal("<b title=\"&quot;&lt;&amp;&#x27;&gt;\"><i>1.50</i></b>", list.ToString());
        Assert.Equal("x", Html.Link("javascript:alert(1)", "x").ToString());
        Assert.Equal("<a href=\"https://a.example/%22%3E\">&lt;</a>", Html.Link("https://a.example/\">", "<").ToString());
    }
}
