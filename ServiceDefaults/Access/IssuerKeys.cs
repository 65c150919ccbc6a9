using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using MonoRepo.ServiceDefaults.Tokens;

namespace MonoRepo.ServiceDefaults.Access;

/// <summary>Who issues tokens, and the keys to check them with.</summary>
internal sealed record IssuerKeys(string Issuer, IReadOnlyList<SecurityKey> Keys);

/// <summary>
/// The signing keys of the issuer of service tokens. Also a readiness check: a server without keys rejects every call, so a
/// rollout should stop at it.
/// </summary>
internal sealed partial class IssuerKeySource(AccessSettings settings, TimeProvider clock, ILogger<IssuerKeySource> logger)
    : TokenKeys<IssuerKeys>(
        clock, interval: s_retry, firstInterval: TimeSpan.FromSeconds(1), renewalInterval: s_retry), IHealthCheck
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(30);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await GetAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false) is null
            ? HealthCheckResult.Unhealthy("The keys that callers' tokens are checked with aren't known.")
            : HealthCheckResult.Healthy();

    protected override async Task<IssuerKeys> ReadAsync() => settings.KeyFile is { } file
        ? new(settings.Issuer!, Parse(await File.ReadAllTextAsync(file).ConfigureAwait(false)))
        : await AskClusterAsync().ConfigureAwait(false);

    protected override void OnFailed(string reason, bool hasKeys) =>
        NoKeys(reason, hasKeys ? "The last ones serve on." : "Calls are refused until they are there.");

    private static IReadOnlyList<SecurityKey> Parse(string keySet)
    {
        var keys = new JsonWebKeySet(keySet).GetSigningKeys();
        return keys.Count > 0 ? [.. keys] : throw new InvalidDataException("The key set has no key.");
    }

    // At the API server itself, whatever address its discovery document names: that may be one that pods can't reach.
    private async Task<IssuerKeys> AskClusterAsync()
    {
        var trust =
            new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(Path.Combine(settings.ClusterFolder!, "ca.crt"));
        var token = await File.ReadAllTextAsync(Path.Combine(settings.ClusterFolder!, "token")).ConfigureAwait(false);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = trust } })
        {
            BaseAddress = settings.Cluster,
            Timeout = Timeout,
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.Trim());
        using var discovery =
            JsonDocument.Parse(await http.GetStringAsync("/.well-known/openid-configuration").ConfigureAwait(false));
        var keys = Parse(await http.GetStringAsync("/openid/v1/jwks").ConfigureAwait(false));
        return new(discovery.RootElement.GetProperty("issuer").GetString()!, keys);
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys that callers' tokens are checked with can't be read: {Reason} {Consequence}")]
    private partial void NoKeys(string reason, string consequence);
}
