using MonoRepo.Hosting;
using MonoRepo.Tests;

namespace MonoRepo.RouteGuide.Benchmarks;

/// <summary>
/// A token of the length that those of a cluster have, about 1200 characters, and the settings of a server that asks for it.
/// </summary>
internal sealed class AccessIssuer : IDisposable
{
    private const string Audience = "routeguide-server";
    private const int PodAndNodeClaims = 470;
    private readonly TokenIssuer _issuer = new();
    private readonly TemporaryFolder _folder = new();

    public AccessIssuer() => File.WriteAllText(KeyFile, _issuer.Keys);

    public string Token => _issuer.Sign(_issuer.Header, new
    {
        iss = _issuer.Issuer,
        sub = $"system:serviceaccount:{_issuer.Namespace}:routeguide-client",
        aud = new[] { Audience },
        exp = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(),
        jti = new string('j', PodAndNodeClaims),
    });

    public (string, string)[] Settings =>
    [
        ("Access__Audience", Audience), (
            "Access__Namespace", _issuer.Namespace), ("Access__Issuer", _issuer.Issuer), ("Access__KeyFile", KeyFile),
        ("Access__Callers__routeguide-client", "*"),
    ];

    private string KeyFile => Path.Combine(_folder.Path, "keys.json");

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Dispose();
    }
}
