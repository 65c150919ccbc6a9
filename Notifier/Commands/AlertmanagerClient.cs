using System.Text.Json;

namespace MonoRepo.Notifier.Commands;

/// <summary>An alert as Alertmanager's API (v2) shows it.</summary>
internal sealed record ActiveAlert(
    Dictionary<string, string> Labels, Dictionary<string, string> Annotations, DateTimeOffset StartsAt)
{
    public string Name => Labels.GetValueOrDefault("alertname") ?? "alert";
}

/// <summary>What operators ask of Alertmanager.</summary>
internal sealed class AlertmanagerClient(HttpClient http)
{
    /// <summary>The alerts that people are told of, the first that began first.</summary>
    public async Task<IReadOnlyList<ActiveAlert>> AlertsAsync(CancellationToken cancellationToken)
    {
        var alerts = await http.GetFromJsonAsync<List<ActiveAlert>>(
            "api/v2/alerts?active=true&silenced=false&inhibited=false", JsonSerializerOptions.Web, cancellationToken);
        return [.. alerts!.OrderBy(alert => alert.StartsAt)];
    }

    /// <summary>Lets nobody be told of alerts with these labels.</summary>
    public async Task SilenceAsync(
        IEnumerable<KeyValuePair<string, string>> labels, DateTimeOffset from, DateTimeOffset until, string by, string comment,
        CancellationToken cancellationToken)
    {
        var silence = new
        {
            matchers = labels.Select(label => new { name = label.Key, value = label.Value, isRegex = false, isEqual = true }),
            startsAt = from,
            endsAt = until,
            createdBy = by,
            comment,
        };
        using var response = await http.PostAsJsonAsync("api/v2/silences", silence, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
