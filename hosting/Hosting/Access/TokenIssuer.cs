using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace MonoRepo.Hosting;

/// <summary>
/// Issues tokens of the shape that Kubernetes gives service accounts, with a key that exists in this process only.
/// </summary>
internal sealed class TokenIssuer(string issuer = "https://apphost.localhost", string space = "local") : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public string Issuer => issuer;

    public string Namespace => space;

    /// <summary>The header of a token that is signed with the key.</summary>
    public object Header => new { alg = "ES256", kid = KeyId };

    /// <summary>The public key, as a JSON Web Key Set.</summary>
    public string Keys
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return JsonSerializer.Serialize(new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "EC", use = "sig", alg = "ES256", crv = "P-256", kid = KeyId,
                        x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y),
                    },
                },
            });
        }
    }

    /// <summary>A token of <paramref name="caller"/> for <paramref name="audience"/>.</summary>
    public string Create(string caller, string audience, DateTimeOffset start, TimeSpan lifetime) =>
        Sign(Header, new Dictionary<string, object>
        {
            ["iss"] = issuer,
            ["sub"] = $"system:serviceaccount:{space}:{caller}",
            ["aud"] = new[] { audience },
            ["iat"] = start.ToUnixTimeSeconds(),
            ["nbf"] = start.ToUnixTimeSeconds(),
            ["exp"] = (start + lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid(),
            ["kubernetes.io"] = new Dictionary<string, object>
            {
                ["namespace"] = space,
                ["serviceaccount"] = new { name = caller, uid = Guid.NewGuid() },
            },
        });

    /// <summary>A token of any header and claims, signed with the key.</summary>
    public string Sign(object header, object claims)
    {
        var text = $"{Encode(header)}.{Encode(claims)}";
        var signature = _key.SignData(System.Text.Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
