using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace MonoRepo.Deploy.Images;

/// <summary>
/// Answers a registry that asks who is there, as https://distribution.github.io/distribution/spec/auth/token describes it. Public
/// registries give a token to anybody.
/// </summary>
internal sealed class RegistryTokens(HttpClient http, Func<string, NetworkCredential?> credentials)
{
    private readonly ConcurrentDictionary<(string, string, bool), AuthenticationHeaderValue> _known = new();

    public AuthenticationHeaderValue? Known((string, string, bool) scope) => _known.GetValueOrDefault(scope);

    /// <summary>What to say; null where there is nothing to say.</summary>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(
        (string Host, string Repository, bool Push) scope, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var login = credentials(scope.Host);
        var basic = login is null ? null : new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password}")));
        foreach (var challenge in response.Headers.WwwAuthenticate)
        {
            var answer = challenge.Scheme switch
            {
                "Basic" => basic,
                "Bearer" => await TokenAsync(Parameters(challenge.Parameter ?? ""), scope, basic, cancellationToken),
                _ => null,
            };
            if (answer is not null)
            {
                return _known[scope] = answer;
            }
        }

        return null;
    }

    private async Task<AuthenticationHeaderValue?> TokenAsync(
        Dictionary<string, string> challenge, (string Host, string Repository, bool Push) scope, AuthenticationHeaderValue? basic,
        CancellationToken cancellationToken)
    {
        // Where passwords go is the registry's word, so it has to be HTTPS as well.
        if (!challenge.TryGetValue("realm", out var realm) || !Uri.TryCreate(realm, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && !RegistryHost.IsLocal(address.Authority)))
        {
            return null;
        }

        var wanted = challenge.GetValueOrDefault("scope")
            ?? $"repository:{scope.Repository}:{(scope.Push ? "pull,push" : "pull")}";
        var query = $"scope={Uri.EscapeDataString(wanted)}" +
            (challenge.TryGetValue("service", out var service) ? $"&service={Uri.EscapeDataString(service)}" : "");
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(address) { Query = query }.Uri);
        request.Headers.Authorization = basic;
        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        // {"token": "…"} or {"access_token": "…"}
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var token = json.RootElement.TryGetProperty("token", out var named)
            || json.RootElement.TryGetProperty("access_token", out named) ? named.GetString() : null;
        return token is null ? null : new("Bearer", token);
    }

    // realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull,push"
    private static Dictionary<string, string> Parameters(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (System.Text.RegularExpressions.Match part in System.Text.RegularExpressions.Regex.Matches(
            text, "([a-z_]+)=(?:\"([^\"]*)\"|([^,\\s]+))"))
        {
            parameters[part.Groups[1].Value] = part.Groups[2].Success ? part.Groups[2].Value : part.Groups[3].Value;
        }

        return parameters;
    }
}
