using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace MonoRepo.ServiceDefaults.Access;

/// <summary>Who issues tokens, and the keys to check them with.</summary>
internal sealed record IssuerKeys(string Issuer, IReadOnlyList<SecurityKey> Keys);

/// <summary>
/// Gets the issuer's keys and keeps them: while the issuer is away, the last ones serve on. A check for readiness too, because a server
/// without keys refuses every call: a rollout stops at it instead of going on.
/// </summary>
internal sealed partial class IssuerKeySource(AccessSettings settings, TimeProvider clock, ILogger<IssuerKeySource> logger) : IHealthCheck
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    // Tokens with made-up key ids come from anyone.
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile IssuerKeys? _keys;
    private DateTimeOffset _nextAttempt;
    private long _staleAt;

    /// <summary>The keys; null while they could never be had.</summary>
    public ValueTask<IssuerKeys?> GetAsync()
    {
        if (_keys is { } keys)
        {
            if (clock.GetUtcNow().UtcTicks > Volatile.Read(ref _staleAt))
            {
                _ = RefreshAsync(keys);
            }

            return new(keys);
        }

        return new(RefreshAsync(null));
    }

    /// <summary>Keys newer than <paramref name="known"/>, where there are any; asks for them at most every 30 s.</summary>
    public async Task<IssuerKeys?> RefreshAsync(IssuerKeys? known)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            var now = clock.GetUtcNow();
            if (_keys == known && now >= _nextAttempt)
            {
                try
                {
                    _keys = settings.KeyFile is { } file
                        ? new(settings.Issuer!, Parse(await File.ReadAllTextAsync(file).ConfigureAwait(false)))
                        : await AskClusterAsync().ConfigureAwait(false);
                    Volatile.Write(ref _staleAt, (now + s_lifetime).UtcTicks);
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    NoKeys(exception.GetBaseException().Message, _keys is null ? "Calls are refused until they are there." : "The last ones serve on.");
                }

                _nextAttempt = now + (_keys is null ? s_firstRetry : s_retry);
            }

            return _keys;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await GetAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false) is null
            ? HealthCheckResult.Unhealthy("The keys that callers' tokens are checked with aren't known.")
            : HealthCheckResult.Healthy();

    private static IReadOnlyList<SecurityKey> Parse(string keySet)
    {
        var keys = new JsonWebKeySet(keySet).GetSigningKeys();
        return keys.Count > 0 ? [.. keys] : throw new InvalidDataException("The key set has no key.");
    }

    // At the API server itself, whatever address its discovery document names: that may be one that pods can't reach.
    private async Task<IssuerKeys> AskClusterAsync()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(Path.Combine(settings.ClusterFolder!, "ca.crt"));
        var token = await File.ReadAllTextAsync(Path.Combine(settings.ClusterFolder!, "token")).ConfigureAwait(false);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = trust } })
        {
            BaseAddress = settings.Cluster,
            Timeout = s_timeout,
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.Trim());
        using var discovery = JsonDocument.Parse(await http.GetStringAsync("/.well-known/openid-configuration").ConfigureAwait(false));
        var keys = Parse(await http.GetStringAsync("/openid/v1/jwks").ConfigureAwait(false));
        return new(discovery.RootElement.GetProperty("issuer").GetString()!, keys);
    }

    [LoggerMessage(1, LogLevel.Warning, "The keys that callers' tokens are checked with can't be read: {Reason} {Consequence}")]
    private partial void NoKeys(string reason, string consequence);
}
