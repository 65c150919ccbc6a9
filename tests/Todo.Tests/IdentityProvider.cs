using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MonoRepo.Tests;

/// <summary>An OpenID provider on loopback: a discovery document, keys that rotate, and tokens.</summary>
public sealed class IdentityProvider : IAsyncDisposable
{
    public const string Audience = "todo";

    private WebApplication? _app;
    private ECDsaSecurityKey _key = NewKey();

    private IdentityProvider()
    {
    }

    public string Issuer { get; private set; } = "";

    /// <summary>Starts one; where <paramref name="port"/> is given, there.</summary>
    public static async Task<IdentityProvider> StartAsync(int port = 0)
    {
        var provider = new IdentityProvider();
        await provider.ListenAsync(port);
        return provider;
    }

    /// <summary>Signs with a new key, the only one that the provider has from now on.</summary>
    public void Rotate() => _key = NewKey();

    /// <summary>Goes away; tokens can still be made.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>A token of a user; what is not said is right.</summary>
    public string Token(
        string subject, string? audience = null, string? issuer = null, TimeSpan? lifetime = null, SecurityKey? key = null,
        string algorithm = "ES256")
    {
        var expires = DateTime.UtcNow + (lifetime ?? TimeSpan.FromMinutes(10));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience ?? Audience,
            Claims = new Dictionary<string, object> { ["sub"] = subject },
            NotBefore = expires.AddDays(-1),
            Expires = expires,
            SigningCredentials = new(key ?? _key, algorithm),
        });
    }

    /// <summary>The same token with another algorithm in its header and no signature.</summary>
    public static string WithoutSignature(string token)
    {
        var header = Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes("""{"alg":"none","typ":"JWT"}"""));
        return $"{header}.{token.Split('.')[1]}.";
    }

    public static ECDsaSecurityKey NewKey() =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ListenAsync(int port)
    {
        // Without configuration: beside the tests lie the settings of the server.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(context => context.Response.WriteAsync(context.Request.Path == "/keys"
            ? JsonSerializer.Serialize(new { keys = new[] { PublicKey() } })
            : JsonSerializer.Serialize(new { issuer = Issuer, jwks_uri = $"{Issuer}/keys" })));
        await _app.StartAsync();
        Issuer = _app.Urls.Single();
    }

    private object PublicKey()
    {
        var point = _key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            kty = "EC",
            use = "sig",
            crv = "P-256",
            kid = _key.KeyId,
            x = Base64UrlEncoder.Encode(point.X),
            y = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
