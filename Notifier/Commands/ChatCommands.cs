using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MonoRepo.Notifier.Commands;

/// <summary>
/// What operators may say in a channel: <c>!alerts</c>, <c>!silence</c>, <c>!ack</c>, <c>!runbook</c>, <c>!help</c>.
/// </summary>
/// <param name="alertmanager">Who is asked; null: there is none.</param>
/// <param name="clock">The time.</param>
internal sealed partial class ChatCommands(AlertmanagerClient? alertmanager, TimeProvider clock)
{
    private const string Help =
        "!alerts, !silence ALERT [30m|2h|1d] [comment], !ack ALERT (silences what fires of it for 1h), !runbook ALERT";
    private const string Environment = "environment";
    private const int MaxLines = 3;
    private const int MaxSilences = 20;
    private static readonly TimeSpan s_default = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(7);

    /// <summary>Does what somebody says, who may, and answers in a few lines.</summary>
    public async Task<IReadOnlyList<string>> AnswerAsync(string who, string text, CancellationToken cancellationToken)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["!help", ..])
        {
            return [Help];
        }

        if (alertmanager is null)
        {
            return ["There is no Alertmanager to ask (Notifier__Alertmanager)."];
        }

        try
        {
            return words switch
            {
                ["!alerts"] => Describe(await alertmanager.AlertsAsync(cancellationToken)),
                ["!runbook", var alert] => [await RunbookAsync(alert, cancellationToken)],
                ["!ack", var alert] => [await AcknowledgeAsync(who, alert, cancellationToken)],
                ["!silence", var alert, .. var rest] => [await SilenceAsync(who, alert, rest, cancellationToken)],
                _ => [$"I don't know '{words.FirstOrDefault()}' like this. {Help}"],
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or OperationCanceledException)
        {
            return [$"Alertmanager can't be queried now: {exception.Message}"];
        }
    }

    private static IReadOnlyList<string> Describe(IReadOnlyList<ActiveAlert> alerts)
    {
        var lines = alerts.Take(MaxLines).Select(alert => string.Join(
            ' ',
            [
                alert.Labels.GetValueOrDefault("severity"), $"{alert.Name}:", alert.Annotations.GetValueOrDefault("summary"),
                string.Create(CultureInfo.InvariantCulture, $"(since {alert.StartsAt.UtcDateTime:MM-dd HH:mm}Z)"),
            ]));
        return alerts.Count switch
        {
            0 => ["No alerts."],
            <= MaxLines => [.. lines],
            _ => [.. lines, $"and {alerts.Count - MaxLines} more"],
        };
    }

    private async Task<IReadOnlyList<ActiveAlert>> FindAsync(string name, CancellationToken cancellationToken) =>
    [
        .. (await alertmanager!.AlertsAsync(cancellationToken))
        .Where(alert => string.Equals(alert.Name, name, StringComparison.OrdinalIgnoreCase)),
    ];

    private async Task<string> RunbookAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) is [var alert, ..]
            ? $"{alert.Name}: {alert.Annotations.GetValueOrDefault("runbook_url") ?? "it has no runbook."}"
            : NotFiring(name);

    private async Task<string> AcknowledgeAsync(string who, string name, CancellationToken cancellationToken)
    {
        var alerts = await FindAsync(name, cancellationToken);
        if (alerts.Count is 0 or > MaxSilences)
        {
            return alerts.Count == 0
                ? NotFiring(name) : $"{name} fires {alerts.Count} times. !silence {name} silences all of it.";
        }

        var (from, until) = (clock.GetUtcNow(), clock.GetUtcNow() + s_default);
        foreach (var alert in alerts)
        {
            await alertmanager!.SilenceAsync(alert.Labels, from, until, who, $"ack by {who}", cancellationToken);
        }

        var count = alerts.Count > 1 ? $" ({alerts.Count} alerts)" : "";
        return $"{alerts[0].Name} is acknowledged by {who}: silent until {Time(until)}{count}.";
    }

    private async Task<string> SilenceAsync(string who, string name, string[] rest, CancellationToken cancellationToken)
    {
        var duration = rest.Length > 0 ? Parse(rest[0]) : null;
        if (duration > s_longest || duration <= TimeSpan.Zero)
        {
            return "A silence lasts from 1m to 7d.";
        }

        // What doesn't fire is as likely a typing mistake; which environment it is of says the alert.
        if (await FindAsync(name, cancellationToken) is not [var alert, ..])
        {
            return NotFiring(name);
        }

        var (from, comment) = (clock.GetUtcNow(), string.Join(' ', duration is null ? rest : rest[1..]));
        var until = from + (duration ?? s_default);
        await alertmanager!.SilenceAsync(
            alert.Labels.Where(label => label.Key is "alertname" or Environment), from, until, who,
            comment.Length > 0 ? comment : $"by {who}", cancellationToken);
        return $"{alert.Name} is silent until {Time(until)}, says {who}.";
    }

    private static string NotFiring(string name) => $"{name} isn't firing, or is silenced already.";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static TimeSpan? Parse(string text) => Duration().Match(text) is { Success: true } match
        ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * (match.Groups[2].Value switch
        {
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        })
        : null;

    [GeneratedRegex("^([0-9]{1,5})([mhd])$")]
    private static partial Regex Duration();
}
