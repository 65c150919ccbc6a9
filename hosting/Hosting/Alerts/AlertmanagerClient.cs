using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;

namespace MonoRepo.Hosting;

/// <summary>Alerts and silences, by the API of Alertmanager (v2).</summary>
/// <param name="client">Its base address is Alertmanager's, with a slash at the end.</param>
/// <param name="environment">The environment; silences of others aren't seen. Null: those of all are.</param>
internal sealed class AlertmanagerClient(HttpClient client, string? environment)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>Names of the alerts that fire and aren't silenced, each with the number of its instances.</summary>
    public async Task<IReadOnlyList<(string Name, int Count)>> FiringAsync(CancellationToken cancellationToken)
    {
        var alerts = await AskAsync(HttpMethod.Get, "alerts?silenced=false&inhibited=false", null, cancellationToken);
        return
        [
            .. alerts!.AsArray().CountBy(a => (string)a!["labels"]![SilenceMatcher.AlertName]!)
                .Select(n => (n.Key, n.Value)).OrderBy(n => n.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>Silences that hold or will, the first that ends first.</summary>
    public async Task<IReadOnlyList<Silence>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await AskAsync(HttpMethod.Get, "silences", null, cancellationToken);
        return
        [
            .. all!.AsArray().Where(s => (string?)s!["status"]!["state"] != "expired")
                .Select(s => s.Deserialize<Silence>(JsonSerializerOptions.Web)!)
                .Where(s => environment is null || s.IsOf(environment)).OrderBy(s => s.EndsAt),
        ];
    }

    /// <summary>Makes one and says what it is called.</summary>
    public async Task<string> AddAsync(Silence silence, CancellationToken cancellationToken)
    {
        var confined = environment is null ? silence : silence.In(environment);
        return (string)(await AskAsync(HttpMethod.Post, "silences", confined, cancellationToken))!["silenceID"]!;
    }

    /// <summary>Ends one.</summary>
    public Task ExpireAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Delete, $"silence/{id}", null, cancellationToken);

    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"api/v2/{path}")
        {
            Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web),
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_timeout);
        try
        {
            using var response = await client.SendAsync(request, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            return response.IsSuccessStatusCode
                ? text.Length == 0 ? null : JsonNode.Parse(text)
                : throw new DistributedApplicationException(
                    $"Alertmanager at {client.BaseAddress} refuses it ({(int)response.StatusCode}): {text.Trim()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DistributedApplicationException(
                $"Alertmanager at {client.BaseAddress} can't be queried: " +
                $"{(exception is OperationCanceledException ? "it didn't answer in time." : exception.Message)}");
        }
    }
}
