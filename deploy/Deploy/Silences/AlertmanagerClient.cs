using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MonoRepo.Deploy.Silences;

/// <summary>Silences of one environment, by the API of its Alertmanager (v2).</summary>
/// <param name="client">Its base address is Alertmanager's, with a slash at the end.</param>
/// <param name="environment">The environment; silences of others aren't seen.</param>
internal sealed class AlertmanagerClient(HttpClient client, string environment)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>Those that hold or will, the first that ends first.</summary>
    public async Task<IReadOnlyList<Silence>> ListAsync(CancellationToken cancellationToken)
    {
        var all = await AskAsync(HttpMethod.Get, "silences", null, cancellationToken);
        return
        [
            .. all!.AsArray().Where(s => (string?)s!["status"]!["state"] != "expired")
                .Select(s => s.Deserialize<Silence>(JsonSerializerOptions.Web)!)
                .Where(s => s.IsOf(environment)).OrderBy(s => s.EndsAt),
        ];
    }

    /// <summary>Makes one and says what it is called.</summary>
    public async Task<string> AddAsync(Silence silence, CancellationToken cancellationToken)
    {
        var confined = silence with { Matchers = [.. silence.Matchers, new(SilenceMatcher.Environment, environment)] };
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
                : throw new DeployException(
                    $"Alertmanager at {client.BaseAddress} refuses it ({(int)response.StatusCode}): {text.Trim()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DeployException(
                $"Alertmanager at {client.BaseAddress} can't be queried: " +
                $"{(exception is OperationCanceledException ? "it didn't answer in time." : exception.Message)}");
        }
    }
}
