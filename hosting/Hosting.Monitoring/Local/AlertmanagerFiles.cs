namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>
/// Configuration of the local Alertmanager: alerts are seen on its page, and posted where <c>Monitoring:Webhook</c> says.
/// </summary>
internal static class AlertmanagerFiles
{
    public const string Config = "alertmanager.json";
    private const string Receiver = "local";

    public static string Text(IReadOnlyList<LocalWebhook> webhooks) => Json.SnakeCase(new AlertmanagerFile(
        new(Receiver, ["alertname", "job"], "1s", "10s", "1h"), [new(Receiver, webhooks.Count > 0 ? webhooks : null)]));

    /// <remarks>Without the empty cluster address it listens for peers on 0.0.0.0:9094.</remarks>
    public static IReadOnlyList<string> Arguments(string config, string data, int port) =>
    [
        $"--config.file={config}",
        $"--storage.path={data}",
        $"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ];
}

internal sealed record AlertmanagerFile(LocalRoute Route, IReadOnlyList<LocalReceiver> Receivers);

internal sealed record LocalRoute(
    string Receiver, IReadOnlyList<string> GroupBy, string GroupWait, string GroupInterval, string RepeatInterval);

internal sealed record LocalReceiver(string Name, IReadOnlyList<LocalWebhook>? WebhookConfigs);

internal sealed record LocalWebhook(string Url, LocalHttpConfig? HttpConfig = null, bool SendResolved = true);

internal sealed record LocalHttpConfig(LocalAuthorization Authorization);

internal sealed record LocalAuthorization(string Credentials);
