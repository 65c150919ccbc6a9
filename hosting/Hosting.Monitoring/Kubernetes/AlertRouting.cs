using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Monitoring.Prometheus;

namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>Which receivers hear of which severity: an AlertmanagerConfig of one route, whose secrets are references.</summary>
internal static class AlertRouting
{
    private static readonly string[] s_group = ["alertname", "job"];

    public static Manifest Of(DeploymentFactsContext context, Func<ParameterResource, SecretKey> secret)
    {
        var receivers = context.Annotations.OfType<AlertReceiverAnnotation>().ToList();
        var (page, ticket) = (Alerts.NameOf(AlertSeverity.Page), Alerts.NameOf(AlertSeverity.Ticket));
        return new("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig", new("receivers", MonitoringLabels.Monitored))
        {
            Spec = new AlertmanagerConfigSpec(
                new(ticket, s_group, "30s", "5m", "4h", Routes: [
                    new(page, s_group, "10s", "1m", "1h", Matchers: [new("severity", page)]),
                ]),
                [Receiver(page, AlertSeverity.Page, receivers, secret), Receiver(
                    ticket, AlertSeverity.Ticket, receivers, secret)],
                // Who was paged for a budget need not be told that it burns slowly too.
                [new([new("severity", page)], [new("severity", ticket)], ["alertname", "job", "sli"])]),
        };
    }

    private static AlertReceiver Receiver(
        string name, AlertSeverity severity, List<AlertReceiverAnnotation> all, Func<ParameterResource, SecretKey> secret)
    {
        var heard = all.Where(r => r.Only is null || r.Only == severity).ToList();
        return new(
            name,
            OrNull(heard.OfType<WebhookReceiverAnnotation>()
                .Select(w => new WebhookConfig(secret(w.Url), null, null, SendResolved: true))
                .Concat(heard.OfType<NotifierReceiverAnnotation>().Select(n => new WebhookConfig(
                    null, $"http://{n.Notifier.Name}:{NotifierReceiverAnnotation.ServicePort}{NotifierReceiverAnnotation.Path}",
                    new(new(secret(n.Token))), SendResolved: true)))),
            OrNull(heard.OfType<SlackReceiverAnnotation>().Select(
                s => new SlackConfig(secret(s.Url), s.Channel, SlackMessage.Title, SlackMessage.Text, SendResolved: true))),
            OrNull(heard.OfType<EmailReceiverAnnotation>().Select(e => new EmailConfig(
                e.To, e.From, $"{e.SmartHost}:{e.SmartHostPort}", e.Username,
                e.Password is { } password ? secret(password) : null, RequireTls: true, SendResolved: true))));
    }

    private static List<T>? OrNull<T>(IEnumerable<T> items) => items.ToList() is { Count: > 0 } list ? list : null;
}

internal sealed record AlertmanagerConfigSpec(
    AlertRoute Route, IReadOnlyList<AlertReceiver> Receivers, IReadOnlyList<InhibitRule> InhibitRules);

internal sealed record AlertRoute(
    string Receiver,
    IReadOnlyList<string> GroupBy,
    string GroupWait,
    string GroupInterval,
    string RepeatInterval,
    IReadOnlyList<Matcher>? Matchers = null,
    IReadOnlyList<AlertRoute>? Routes = null);

internal sealed record Matcher(string Name, string Value)
{
    public string MatchType { get; } = "=";
}

internal sealed record AlertReceiver(
    string Name, IReadOnlyList<WebhookConfig>? WebhookConfigs, IReadOnlyList<SlackConfig>? SlackConfigs,
    IReadOnlyList<EmailConfig>? EmailConfigs);

internal sealed record WebhookConfig(SecretKey? UrlSecret, string? Url, HttpConfig? HttpConfig, bool SendResolved);

internal sealed record HttpConfig(HttpAuthorization Authorization);

internal sealed record HttpAuthorization(SecretKey Credentials)
{
    public string Type { get; } = "Bearer";
}

internal sealed record SlackConfig(
    [property: System.Text.Json.Serialization.JsonPropertyName("apiURL")] SecretKey ApiUrl, string Channel, string Title,
    string Text, bool SendResolved);

internal sealed record EmailConfig(
    string To,
    string From,
    string Smarthost,
    string? AuthUsername,
    SecretKey? AuthPassword,
    [property: System.Text.Json.Serialization.JsonPropertyName("requireTLS")] bool RequireTls,
    bool SendResolved);

internal sealed record InhibitRule(
    IReadOnlyList<Matcher> SourceMatch, IReadOnlyList<Matcher> TargetMatch, IReadOnlyList<string> Equal);

/// <summary>What a Slack message says.</summary>
internal static class SlackMessage
{
    public const string Title = "{{ .CommonLabels.severity }}: {{ .GroupLabels.alertname }} {{ .GroupLabels.job }}";
    public const string Text =
        "{{ range .Alerts }}{{ .Annotations.summary }} <{{ .Annotations.runbook_url }}|runbook> <{{ " +
        ".Annotations.dashboard_url }}|dashboard>\n{{ end }}";
}
