using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>Alerts and silences of this machine's Alertmanager, by its API (v2).</summary>
internal sealed class LocalAlertmanager(EndpointReference endpoint)
{
    private const string AlertName = "alertname";
    private const string Environment = "environment";

    private static readonly HttpClient s_client = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Names of the alerts that fire and aren't silenced, each with the number of its instances.</summary>
    public async Task<IReadOnlyList<(string Name, int Count)>> ReadFiringAsync(CancellationToken cancellationToken)
    {
        var alerts = await ReadAsync("alerts?silenced=false&inhibited=false", cancellationToken);
        return
        [
            .. alerts.Select(a => (string)a!["labels"]![AlertName]!).CountBy(name => name)
                .Select(n => (n.Key, n.Value)).OrderBy(n => n.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>Ids of the silences that hold.</summary>
    public async Task<IReadOnlyList<string>> ReadSilencesAsync(CancellationToken cancellationToken) =>
    [
        .. (await ReadAsync("silences", cancellationToken))
            .Where(s => (string?)s!["status"]!["state"] != "expired").Select(s => (string)s!["id"]!),
    ];

    /// <summary>Silences all alerts of a name.</summary>
    public async Task SilenceAsync(string alert, TimeSpan time, string comment, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var matchers = ((string Name, string Value)[])[(AlertName, alert), (Environment, DeploymentEnvironmentResource.Personal)];
        using var answer = await s_client.PostAsJsonAsync(
            AddressOf("silences"),
            new
            {
                matchers = matchers.Select(m => new { name = m.Name, value = m.Value, isRegex = false, isEqual = true }),
                startsAt = now,
                endsAt = now + time,
                createdBy = System.Environment.UserName,
                comment,
            },
            cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Ends a silence.</summary>
    public async Task ExpireAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await s_client.DeleteAsync(AddressOf($"silence/{Uri.EscapeDataString(id)}"), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<JsonArray> ReadAsync(string path, CancellationToken cancellationToken) =>
        await s_client.GetFromJsonAsync<JsonArray>(AddressOf(path), cancellationToken) ?? [];

    private Uri AddressOf(string path) => new($"{endpoint.Url}/api/v2/{path}");
}
