using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using MonoRepo.ServiceDefaults.Tokens;
using CallContext = MonoRepo.ServiceDefaults.Calls.CallContext;

namespace MonoRepo.ServiceDefaults.EndUsers;

/// <summary>Verifies the end user's token of each call: signature, algorithm, issuer, audience, lifetime.</summary>
internal sealed class EndUserVerifier(EndUserSettings settings, ProviderKeys keys, TimeProvider clock) : IDisposable
{
    /// <summary>How many verified tokens are remembered.</summary>
    public const int CacheSize = 10_000;

    private static readonly TimeSpan s_clockSkew = TimeSpan.FromSeconds(30);
    private static readonly Counter<long> s_checks = new Meter("MonoRepo.EndUsers").CreateCounter<long>(
        "end_users.checks", "{call}", "Calls whose end user's token was checked.");

    // A public key must not be taken for a shared secret: no HS*.
    private static readonly string[] s_algorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly MemoryCache _verified = new(new MemoryCacheOptions { SizeLimit = CacheSize });

    /// <summary>
    /// The context with the verified user and tenant; what baggage said of either is gone. An invalid token is a
    /// <see cref="EndUserRefusal"/> among the request's features.
    /// </summary>
    public async ValueTask<CallContext> VerifyAsync(HttpContext http, CallContext context)
    {
        context = context with { User = null, Tenant = settings.TenantClaim is null ? context.Tenant : null };
        if (context.EndUserToken is not { } token)
        {
            return context;
        }

        var (user, refusal) = await VerifyAsync(token.Reveal());
        s_checks.Add(1, new KeyValuePair<string, object?>("result", refusal switch
        {
            null => "valid",
            { Status.StatusCode: StatusCode.Unavailable } => "unavailable",
            _ => "invalid",
        }));
        if (user is null)
        {
            http.Features.Set(refusal);
            return context;
        }

        http.Features.Set(user);
        return context with { User = user.Subject, Tenant = user.Tenant ?? context.Tenant };
    }

    public void Dispose() => _verified.Dispose();

    private async Task<(EndUser? User, EndUserRefusal? Refusal)> VerifyAsync(string token)
    {
        if (await keys.GetAsync() is not { } provider)
        {
            return (null, new(new Status(
                StatusCode.Unavailable,
                "The end user's token can't be checked: the OpenID provider is unavailable; try again.")));
        }

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_verified.TryGetValue(hash, out (EndUser User, OpenIdConnectConfiguration Provider) known)
            && known.Provider == provider && known.User.Expires > clock.GetUtcNow())
        {
            return (known.User, null);
        }

        (var result, provider) = await keys.ValidateAsync(provider, known => ValidateAsync(token, known));
        var subject = result.IsValid ? Claim(result, "sub") : null;
        var tenant = result.IsValid && settings.TenantClaim is { } claim ? Claim(result, claim) : null;
        var problem = !result.IsValid ? Explain(result.Exception)
            : subject is not { Length: > 0 } || !CallContext.IsValue(subject)
                ? $"its subject doesn't have 1 to {CallContext.MaxLength} characters"
            : tenant is not null && !CallContext.IsValue(tenant) ? $"its tenant has more than {CallContext.MaxLength} characters"
            : null;
        if (problem is not null)
        {
            return (null, new(new Status(StatusCode.Unauthenticated, $"The end user's token isn't valid: {problem}.")));
        }

        var user = new EndUser(subject!, tenant, new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero) + s_clockSkew);

        // For the keys that it was verified with: one that the provider takes back is believed no longer than that is unknown.
        _verified.Set(hash, (user, provider), new MemoryCacheEntryOptions { AbsoluteExpiration = user.Expires, Size = 1 });
        return (user, null);
    }

    private Task<TokenValidationResult> ValidateAsync(string token, OpenIdConnectConfiguration provider) =>
        _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = settings.Audience,
            ValidAlgorithms = s_algorithms,
            IssuerSigningKeys = provider.SigningKeys,
            ClockSkew = s_clockSkew,
        });

    private static string? Claim(TokenValidationResult result, string name) => result.ClaimsIdentity.FindFirst(name)?.Value;

    // In our words: the library's quote the token.
    private static string Explain(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it isn't valid yet",
        SecurityTokenNoExpirationException => "it has no expiration time",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidIssuerException => "it is of another issuer",
        SecurityTokenInvalidAlgorithmException => "its algorithm isn't allowed",
        SecurityTokenSignatureKeyNotFoundException => "it is signed with a key that the provider doesn't have",
        SecurityTokenInvalidSignatureException => "its signature is missing or wrong",
        _ => "it isn't a signed JSON Web Token",
    };
}

/// <summary>
/// Issuer and signing keys of the OpenID provider, from its discovery document. The library's ConfigurationManager renews them in
/// the background only, so that the first calls after a rotation would be refused.
/// </summary>
internal sealed partial class ProviderKeys(EndUserSettings settings, TimeProvider clock, ILogger<ProviderKeys> logger)
    : TokenKeys<OpenIdConnectConfiguration>(
        clock, interval: s_retry, firstInterval: s_retry, renewalInterval: Lifetime), IDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new() { Timeout = Timeout };

    public void Dispose() => _http.Dispose();

    protected override async Task<OpenIdConnectConfiguration> ReadAsync()
    {
        var address = $"{settings.Authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration";
        var documents = new HttpDocumentRetriever(_http) { RequireHttps = settings.Authority.Scheme == Uri.UriSchemeHttps };
        var provider = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, CancellationToken.None);
        return string.IsNullOrEmpty(provider.Issuer) || provider.SigningKeys.Count == 0
            ? throw new InvalidDataException("Its discovery document has no issuer or no keys.")
            : provider;
    }

    protected override void OnFailed(string reason, bool hasKeys) =>
        NoKeys(settings.Authority, reason, hasKeys ? "The last keys serve on." : "Calls with a token are refused.");

    [LoggerMessage(1, LogLevel.Warning, "The keys of the OpenID provider {Authority} can't be read: {Reason} {Consequence}")]
    private partial void NoKeys(Uri authority, string reason, string consequence);
}
