using System.Text.Json;
using MonoRepo.Playbooks.Monitoring;

namespace MonoRepo.Playbooks.Pages;

/// <summary>Where a person can go on asking: Grafana where the alert leads to one, else a Prometheus on this machine.</summary>
internal static class QueryLinks
{
    public static string? Find(AlertingRule rule, Uri? prometheus)
    {
        // https://grafana.example.org/d/catalog
        var dashboard = rule.Annotations.GetValueOrDefault("dashboard_url", "");
        if (dashboard.StartsWith("http", StringComparison.Ordinal)
            && dashboard.LastIndexOf("/d/", StringComparison.Ordinal) is > 0 and var end)
        {
            var panes = JsonSerializer.Serialize(new
            {
                a = new
                {
                    datasource = "prometheus",
                    queries = new[] { new { refId = "A", expr = rule.Query } },
                    range = new { from = "now-1h", to = "now" },
                },
            });
            return $"{dashboard[..end]}/explore?schemaVersion=1&panes={Uri.EscapeDataString(panes)}";
        }

        return IsForPeople(prometheus)
            ? new Uri(prometheus!, $"graph?g0.expr={Uri.EscapeDataString(rule.Query)}&g0.tab=0&g0.range_input=1h").AbsoluteUri
            : null;
    }

    /// <summary>In a cluster its address means nothing to a person's browser.</summary>
    public static bool IsForPeople(Uri? prometheus) => prometheus is { IsLoopback: true };
}
