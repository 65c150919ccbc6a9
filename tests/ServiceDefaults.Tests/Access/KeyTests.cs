using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MonoRepo.Hosting;
using MonoRepo.ServiceDefaults.Access;

namespace MonoRepo.Tests.Access;

/// <summary>Keys and tokens that change while a service runs.</summary>
public sealed class KeyTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeysOfACluster_AreAskedOfItsApiServer_AndOutliveIt()
    {
        using var folder = new TemporaryFolder();
        using var first = new TokenIssuer("https://kubernetes.default.svc.cluster.local", "shop");
        using var second = new TokenIssuer(first.Issuer, "shop");
        await using var api = await ApiServer.StartAsync(folder.Path, first);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Access:Audience"] = "guide",
            ["Access:Namespace"] = "shop",
            ["Access:ClusterFolder"] = folder.Path,
            ["Access:Cluster"] = api.Address.ToString(),
            ["Access:Callers:client"] = "*",
        }).Build();
        var settings = AccessSettings.Read(configuration)!;
        var source = new IssuerKeySource(settings, _clock, NullLogger<IssuerKeySource>.Instance);
        var verifier = new CallerVerifier(settings, source, _clock);

        api.IsAway = true;
        Assert.True((await verifier.VerifyAsync(Header(first))).IsUnavailable);
        Assert.Equal(HealthStatus.Unhealthy, (await source.CheckHealthAsync(new(), Cancellation)).Status);
        api.IsAway = false;
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("client", (await verifier.VerifyAsync(Header(first))).Name);
        Assert.Equal(HealthStatus.Healthy, (await source.CheckHealthAsync(new(), Cancellation)).Status);

        // Away again: the last keys serve on.
        api.IsAway = true;
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("client", (await verifier.VerifyAsync(Header(first))).Name);
        Assert.Equal("its key is unknown", (await verifier.VerifyAsync(Header(second))).Problem);

        // A key that the API server has begun to sign with, and one that nobody has: asked for once in 30 s.
        api.IsAway = false;
        api.Issuer = second;
        Assert.Equal("its key is unknown", (await verifier.VerifyAsync(Header(second))).Problem);
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("client", (await verifier.VerifyAsync(Header(second))).Name);
        var asked = api.Requests;
        using var unknown = new TokenIssuer(first.Issuer, "shop");
        Assert.Equal("its key is unknown", (await verifier.VerifyAsync(Header(unknown))).Problem);
        Assert.Equal(asked, api.Requests);

        // Known tokens end as well.
        var header = Header(second, TimeSpan.FromMinutes(-1));
        Assert.Equal("it has expired", (await verifier.VerifyAsync(header)).Problem);
    }

    [Fact]
    public async Task Token_IsReadAgain_AndAMissingOneIsWaitedFor()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "guide");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Access:Tokens"] = folder.Path }).Build();
        var token = new ServiceTokens(configuration, _clock).For("guide");

        Assert.Null(token.Header);
        await File.WriteAllTextAsync(file, "one\n", Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Bearer one", token.Header);
        await File.WriteAllTextAsync(file, "two\n", Cancellation);
        Assert.Equal("Bearer one", token.Header);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Bearer two", token.Header);
        File.Delete(file);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Bearer two", token.Header);
    }

    private static string Header(TokenIssuer issuer, TimeSpan? lifetime = null) =>
        "Bearer " + issuer.Create(
            "client", "guide", DateTimeOffset.UtcNow.AddHours(-1), TimeSpan.FromHours(1) + (lifetime ?? TimeSpan.FromHours(1)));

    /// <summary>The two documents of a Kubernetes API server, by TLS with an authority of its own.</summary>
    private sealed class ApiServer(WebApplication app, TokenIssuer issuer) : IAsyncDisposable
    {
        public TokenIssuer Issuer { get; set; } = issuer;

        public bool IsAway { get; set; }

        public int Requests { get; private set; }

        public Uri Address => new(app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

        public static async Task<ApiServer> StartAsync(string folder, TokenIssuer issuer)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
            await File.WriteAllTextAsync(Path.Combine(folder, "ca.crt"), certificate.ExportCertificatePem(), Cancellation);
            await File.WriteAllTextAsync(Path.Combine(folder, "token"), "of the service\n", Cancellation);

            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration()
                .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
            var server = new ApiServer(builder.Build(), issuer);
            server.Map();
            await server.StartAsync();
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task StartAsync() => app.StartAsync(Cancellation);

        private void Map()
        {
            app.MapGet("/.well-known/openid-configuration", (HttpContext http) =>
                Answer(http, () => $$"""{"issuer":"{{Issuer.Issuer}}","jwks_uri":"https://10.0.0.1:6443/openid/v1/jwks"}"""));
            app.MapGet("/openid/v1/jwks", (HttpContext http) => Answer(http, () => Issuer.Keys));
        }

        private IResult Answer(HttpContext http, Func<string> document)
        {
            Requests++;
            return IsAway ? Results.StatusCode(503)
                : http.Request.Headers.Authorization != "Bearer of the service" ? Results.Unauthorized()
                : Results.Text(document());
        }
    }
}
