using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MonoRepo.ServiceDefaults.Access;

/// <summary>Who calls, or why that isn't known.</summary>
/// <param name="Name">The caller's name in the graph; null: not proven.</param>
/// <param name="Grant">What it may call; null: nothing.</param>
/// <param name="Problem">What is wrong with the token.</param>
/// <param name="IsUnavailable">The keys aren't known: the caller may try again.</param>
internal sealed record VerifiedCaller(string? Name, Grant? Grant, string? Problem = null, bool IsUnavailable = false)
{
    /// <summary>The header that proved it.</summary>
    public string? Header { get; init; }

    /// <summary>When the token expires.</summary>
    public DateTime Expires { get; init; }
}

/// <summary>
/// Verifies service tokens. By the handler that ASP.NET Core's bearer authentication is made of, without the authentication
/// services around it: those would make data protection keys in each service, and verify each call's token anew.
/// </summary>
internal sealed class CallerVerifier
{
    /// <summary>The header's scheme.</summary>
    public const string Bearer = "Bearer ";

    // A caller has one token at a time, a new one each hour.
    private const int MaxKnown = 1000;
    private const int MaxLength = 8 * 1024;
    private const int KeyLength = 32;
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromSeconds(30);

    // Those with which Kubernetes signs. No shared secrets, and never none.
    private static readonly string[] s_algorithms =
        [
            SecurityAlgorithms.RsaSha256,
            SecurityAlgorithms.EcdsaSha256,
            SecurityAlgorithms.EcdsaSha384,
            SecurityAlgorithms.EcdsaSha512,
        ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };
    private readonly AccessSettings _settings;
    private readonly IssuerKeySource _source;
    private readonly TimeProvider _clock;
    private readonly string _subjects;

    // Only tokens that were found valid get in: checking a signature costs more than the rest of a small call. By their last
    // characters, which are the signature's: to hash a whole token takes longer than to compare it.
    private readonly ConcurrentDictionary<string, VerifiedCaller> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, VerifiedCaller>.AlternateLookup<ReadOnlySpan<char>> _knownBySpan;

    public CallerVerifier(AccessSettings settings, IssuerKeySource source, TimeProvider clock)
    {
        (_settings, _source, _clock) = (settings, source, clock);
        _subjects = $"system:serviceaccount:{settings.Namespace}:";
        _knownBySpan = _known.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Reads the value of <c>authorization</c>.</summary>
    public ValueTask<VerifiedCaller> VerifyAsync(string header)
    {
        if (_knownBySpan.TryGetValue(Key(header), out var caller) && caller.Header == header)
        {
            if (_clock.GetUtcNow().UtcDateTime < caller.Expires)
            {
                return new(caller);
            }

            _knownBySpan.TryRemove(Key(header), out _);
        }

        return new(VerifyNewAsync(header));
    }

    private static ReadOnlySpan<char> Key(string header) => header.AsSpan(Math.Max(0, header.Length - KeyLength));

    private async Task<VerifiedCaller> VerifyNewAsync(string header)
    {
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || header.Length > MaxLength)
        {
            return Invalid("it isn't 'Bearer' and a token");
        }

        var token = header[Bearer.Length..].Trim();
        if (await _source.GetAsync() is not { } keys)
        {
            return new(null, null, "the keys to check it with aren't known yet", IsUnavailable: true);
        }

        var (result, _) = await _source.ValidateAsync(keys, known => ValidateAsync(token, known));
        if (!result.IsValid)
        {
            return Invalid(Describe(result.Exception));
        }

        var valid = (JsonWebToken)result.SecurityToken;
        if (!valid.Subject.StartsWith(_subjects, StringComparison.Ordinal))
        {
            return new(valid.Subject, null);
        }

        var name = valid.Subject[_subjects.Length..];
        var caller = new VerifiedCaller(name, _settings.Callers.GetValueOrDefault(name))
        {
            Header = header,
            Expires = valid.ValidTo + s_clockSkew,
        };
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        _knownBySpan[Key(header)] = caller;
        return caller;
    }

    private Task<TokenValidationResult> ValidateAsync(string token, IssuerKeys keys) => _handler.ValidateTokenAsync(token, new()
    {
        ValidAlgorithms = s_algorithms,
        ValidIssuer = keys.Issuer,
        ValidAudience = _settings.Audience,
        IssuerSigningKeys = keys.Keys,
        TryAllIssuerSigningKeys = false,
        ClockSkew = s_clockSkew,
    });

    private static VerifiedCaller Invalid(string problem) => new(null, null, problem);

    private static string Describe(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it isn't valid yet",
        SecurityTokenInvalidAudienceException => "it is for another service",
        SecurityTokenInvalidIssuerException => "it is of another issuer",
        SecurityTokenInvalidAlgorithmException => "its algorithm isn't allowed",
        SecurityTokenSignatureKeyNotFoundException => "its key is unknown",
        SecurityTokenInvalidSignatureException => "its signature is wrong",
        _ => "it can't be read",
    };
}
