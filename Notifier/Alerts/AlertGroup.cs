using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MonoRepo.Notifier.Sending;

namespace MonoRepo.Notifier.Alerts;

/// <summary>What Alertmanager's webhook posts, version 4: alerts of one group, of which something has changed.</summary>
/// <remarks>
/// <code>
/// { "version": "4", "groupKey": "{}:{alertname=\"X\"}", "truncatedAlerts": 0, "status": "firing",
///   "groupLabels": { "alertname": "X" }, "alerts": [{ "status": "firing", "labels": {…}, "annotations": {…},
///   "startsAt": "2026-11-27T08:00:00Z", "fingerprint": "3f…" }] }
/// </code>
/// </remarks>
internal sealed record AlertGroup(
    string? Version, string? GroupKey, string? Status, int TruncatedAlerts, Dictionary<string, string>? GroupLabels,
    List<GroupedAlert?>? Alerts) : INews
{
    private const int MaxLines = 5;

    private static readonly string[] s_statuses = ["firing", "resolved"];

    /// <inheritdoc/>
    public static int MaxBytes => 1024 * 1024;

    /// <inheritdoc/>
    public string? FindProblem() => this switch
    {
        { Version: not "4" } => $"The version of the webhook is '{Version}'; it has to be 4.",
        { GroupKey: null or "" } => "groupKey is missing.",
        _ when !s_statuses.Contains(Status) => $"The status is '{Status}'; it has to be firing or resolved.",
        { Alerts: null or [] } => "There are no alerts.",
        _ when Alerts.Any(alert => string.IsNullOrEmpty(alert?.Fingerprint)) => "An alert has no fingerprint.",
        _ when Alerts.Any(alert => !s_statuses.Contains(alert!.Status)) => "An alert is neither firing nor resolved.",
        _ => null,
    };

    /// <summary>
    /// The same for the same news, whichever Alertmanager tells it and how often. When an alert began is a part of it: one that
    /// fires again is news.
    /// </summary>
    public string Identity()
    {
        var alerts = Alerts!.Select(alert =>
            string.Create(CultureInfo.InvariantCulture, $"{alert!.Fingerprint} {alert.Status} {alert.StartsAt:O}"));
        var text = string.Join('\n', [GroupKey!, Status!, .. alerts.Order(StringComparer.Ordinal)]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    /// <summary>The group for a receiver that hears of pages, of all others, or of both; null where nothing is left.</summary>
    public AlertGroup? Only(string? severity)
    {
        var heard = Alerts!.FindAll(alert => severity is null || alert!.IsPage == (severity == "page"));
        return heard.Count > 0 ? this with { Alerts = heard } : null;
    }

    /// <inheritdoc/>
    public Notification? Describe(ReceiverOptions receiver, DateTimeOffset now) => Only(receiver.Severity)?.Describe(now);

    /// <inheritdoc/>
    public TimeSpan Window(NotifierOptions options) => options.DeduplicationWindow;

    public Notification Describe(DateTimeOffset now)
    {
        // Those that still fire are what somebody has to look at.
        var alerts = Alerts!.OrderBy(alert => alert!.Status, StringComparer.Ordinal).ToList();
        var more = Math.Max(0, alerts.Count - MaxLines) + TruncatedAlerts;
        var name = GroupLabels?.GetValueOrDefault("alertname") ?? alerts[0]!.Name;
        var lines = alerts.Take(MaxLines).Select(alert => alert!.Describe());
        return new(
            Identity(), alerts.Exists(alert => alert!.IsPage), now, $"{alerts[0]!.Status!.ToUpperInvariant()} {name}",
            [.. more > 0 ? lines.Append($"and {more} more") : lines]);
    }
}

/// <summary>One alert of a group.</summary>
internal sealed record GroupedAlert(
    string? Status, Dictionary<string, string>? Labels, Dictionary<string, string>? Annotations, DateTimeOffset StartsAt,
    string? Fingerprint)
{
    public string Name => Labels?.GetValueOrDefault("alertname") ?? "alert";

    public string Severity => Labels?.GetValueOrDefault("severity") ?? "";

    public bool IsPage => Severity is "page" or "critical";

    // FIRING page RedisSlotsLost: redis serves 0 of 16384 slots. docs/runbooks/RedisSlotsLost.md
    public string Describe()
    {
        string?[] words =
        [
            Status!.ToUpperInvariant(), Severity, $"{Name}:",
            Annotations?.GetValueOrDefault("summary")
                ?? string.Join(' ', (Labels ?? []).Select(label => $"{label.Key}={label.Value}")),
            Annotations?.GetValueOrDefault("runbook_url"),
        ];
        return string.Join(' ', words.Where(word => !string.IsNullOrWhiteSpace(word)));
    }
}
