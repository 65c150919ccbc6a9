using System.Net.Http.Json;

[assembly: AssemblyFixture(typeof(MonoRepo.Tests.MonitoredPlaybooks))]

namespace MonoRepo.Tests;

/// <summary>The service with a real Prometheus, in which alerts fire, and a real Alertmanager, where one is silenced.</summary>
public sealed class MonitoredPlaybooks : IAsyncLifetime
{
    /// <summary>What a label might be if somebody wanted to be read by a browser.</summary>
    public const string Hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";

    private readonly TemporaryFolder _folder = new();
    private ToolProcess? _prometheus;
    private ToolProcess? _alertmanager;
    private PlaybooksProcess? _playbooks;

    internal PlaybooksProcess Playbooks
    {
        get
        {
            Assert.SkipWhen(_playbooks is null, "prometheus and prometheus-alertmanager are not both installed.");
            return _playbooks!;
        }
    }

    internal DateTimeOffset Start { get; } = DateTimeOffset.UtcNow;

    internal Uri Prometheus { get; } = new($"http://127.0.0.1:{Tools.FreePort()}");

    public async ValueTask InitializeAsync()
    {
        if (!Tools.Exists("prometheus") || !Tools.Exists("prometheus-alertmanager"))
        {
            return;
        }

        var alertmanager = new Uri($"http://127.0.0.1:{Tools.FreePort()}");
        var route = _folder.Write("alertmanager.yml", "{ route: { receiver: nobody }, receivers: [{ name: nobody }] }");
        _alertmanager = await ToolProcess.StartAsync(
            "prometheus-alertmanager", alertmanager.Port, $"--config.file={route}", $"--storage.path={_folder.Path}/alertmanager",
            $"--web.listen-address={alertmanager.Authority}", "--cluster.listen-address=");
        await SilenceAsync(alertmanager);

        _folder.Write("rules.yml", $$"""
            groups:
            - name: alerts
              rules:
              - alert: TargetDown
                expr: max_over_time(prometheus_ready[1m]) == 1
                labels: { severity: page }
                annotations: { summary: 'It is <b>up</b>.', dashboard_url: /d/test }
              - { alert: Unready, expr: vector(1), for: 1h, labels: { severity: ticket } }
              - { alert: Restarts, expr: vector(2), labels: { severity: ticket } }
              - alert: Hostile
                expr: vector(3)
                labels: { severity: {{Quoted}}, pod: {{Quoted}} }
                annotations: { summary: {{Quoted}}, runbook_url: 'javascript:alert(1)', dashboard_url: 'javascript:a//d/x' }
            - name: recorded
              rules:
              - { record: 'job_sli:objective:ratio', expr: vector(0.999), labels: { job: catalog, sli: latency } }
              - { record: 'job_sli:error_budget_remaining:ratio30d', expr: vector(0.875), labels: { job: catalog, sli: latency } }
            """);
        var config = _folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s, evaluation_interval: 200ms }
            rule_files: [rules.yml]
            alerting: { alertmanagers: [{ static_configs: [{ targets: ['{{alertmanager.Authority}}'] }] }] }
            scrape_configs:
            - { job_name: prometheus, static_configs: [{ targets: ['{{Prometheus.Authority}}'] }] }
            - { job_name: playbooks, file_sd_configs: [{ files: [targets.json], refresh_interval: 1s }] }
            """);
        _prometheus = await ToolProcess.StartAsync(
            "prometheus", Prometheus.Port, $"--config.file={config}", $"--storage.tsdb.path={_folder.Path}/prometheus",
            $"--web.listen-address={Prometheus.Authority}", "--rules.alert.resend-delay=1s");

        // Those of the AppHost's graph, as they are mounted in a cluster.
        foreach (var dashboard in Directory.GetFiles(Repository.PathOf("k8s", "base"), "*.json", SearchOption.AllDirectories))
        {
            _folder.Write($"dashboards/{Path.GetFileName(dashboard)}", File.ReadAllText(dashboard));
        }

        _folder.Write("dashboards/test.json", $$$"""
            { "uid": "test", "title": {{{Quoted}}}, "panels": [
              { "type": "row", "title": "Memory" },
              { "type": "timeseries", "title": "Resident", "fieldConfig": { "defaults": { "unit": "bytes" } },
                "targets": [{ "refId": "A", "expr": "process_resident_memory_bytes", "legendFormat": "of {{job}}" }] },
              { "type": "timeseries", "title": "Rate", "fieldConfig": { "defaults": { "unit": "reqps" } },
                "targets": [{ "refId": "A", "expr": "rate(net_conntrack_dialer_conn_attempted_total[$__rate_interval])",
                "legendFormat": "{{dialer_name}}" }] },
              { "type": "stat", "title": "Part", "fieldConfig": { "defaults": { "unit": "percentunit" } },
                "targets": [{ "refId": "A", "expr": "label_replace(vector(0.5), \"a\", {{{QuotedTwice}}}, \"\", \"\")",
                "legendFormat": "{{a}}" }] },
              { "type": "stat", "title": "Wrong", "targets": [{ "refId": "A", "expr": "rate(", "legendFormat": "" }] } ] }
            """);
        var history = _folder.Write(
            "history", $"{Entry(1, "rollback", "failed")}\n{Entry(2, "apply", "done")}\na line of a later version\n");
        _playbooks = await PlaybooksProcess.StartAsync(
            ("Prometheus", $"{Prometheus}"), ("Alertmanager", $"{alertmanager}"), ("Dashboards", $"{_folder.Path}/dashboards"),
            ("History", history));
        _folder.Write("targets.json", $$"""[{ "targets": ["{{_playbooks.Address.Authority}}"] }]""");
        await Eventually.HoldsAsync(
            async () => (await _playbooks.GetPageAsync("/")) is var page && page.Contains(">silenced<", StringComparison.Ordinal)
                && page.Contains("87.5 %", StringComparison.Ordinal)
                && (await _playbooks.GetPageAsync("/dashboards/test")).Contains("\"c0\" d=\"M4", StringComparison.Ordinal),
            "alerts fire and samples are there");
    }

    /// <summary>A line of the history, as deploying writes it.</summary>
    private string Entry(int minutesAgo, string command, string result) => System.Text.Json.JsonSerializer.Serialize(new
    {
        at = Start.AddMinutes(-minutesAgo),
        command,
        result,
        seconds = 7.4,
        by = Hostile,
        user = "admin",
        commit = "0123456789abcdef-dirty",
        resources = (string[])["catalog", "web"],
        images = new[]
        {
            new { resource = "web", image = "shop/web", before = (string?)null, after = "sha256:0123456789abcdef" },
        },
        note = "x",
    });

    // JSON's strings are YAML's, too.
    private static string Quoted => System.Text.Json.JsonSerializer.Serialize(Hostile);

    private static string QuotedTwice => System.Text.Json.JsonSerializer.Serialize(Quoted)[1..^1];

    public async ValueTask DisposeAsync()
    {
        if (_playbooks is not null)
        {
            await _playbooks.DisposeAsync();
        }

        _prometheus?.Dispose();
        _alertmanager?.Dispose();
        _folder.Dispose();
    }

    private static async Task SilenceAsync(Uri alertmanager)
    {
        using var http = new HttpClient { BaseAddress = alertmanager };
        object silence = new
        {
            matchers = new[] { new { name = "alertname", value = "Rest.*", isRegex = true, isEqual = true } },
            startsAt = DateTimeOffset.UtcNow,
            endsAt = DateTimeOffset.UtcNow.AddHours(1),
            createdBy = "jane",
            comment = Hostile,
        };
        var token = TestContext.Current.CancellationToken;
        await Eventually.HoldsAsync(
            async () => (await http.PostAsJsonAsync("/api/v2/silences", silence, token)).IsSuccessStatusCode,
            "Alertmanager takes a silence");
    }
}
