using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.Tests.Access;

/// <summary>Mutual TLS between services, over the wire.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly Authority _authority = new();
    private readonly Authority _foreign = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _foreign.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task OurClientsAndServers_ProveWhoTheyAre()
    {
        await using var server = await ServeAsync(Write("server", _authority.Issue()));
        await using var caller = await CallerAsync(Write("client", _authority.Issue()), server);

        var health = caller.App.Services.GetRequiredService<Health.HealthClient>();
        var answer = await health.CheckAsync(new(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: Cancellation);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
        Assert.Equal("Healthy", await HttpAsync(caller));

        // What operators ask stays as it was.
        using var http = new HttpClient();
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(server.App.Urls.ElementAt(1) + "/alive"), Cancellation));
    }

    [Fact]
    public async Task Server_RefusesWhoHasNoCertificateOfItsAuthority()
    {
        await using var server = await ServeAsync(Write("server", _authority.Issue()));
        using var good = _authority.Issue();
        using var foreign = _foreign.Issue();
        using var expired = _authority.Issue(end: -TimeSpan.FromHours(1));
        using var forServers = _authority.Issue(usage: "1.3.6.1.5.5.7.3.1");

        Assert.NotNull(await ShownToAsync(server, good));
        foreach (var bad in (X509Certificate2?[])[null, foreign, expired, forServers])
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => ShownToAsync(server, bad));
        }
    }

    [Fact]
    public async Task Client_RefusesAServerOfAnotherAuthorityOrName()
    {
        await using var foreign = await ServeAsync(Write("foreign", _foreign.Issue(), _authority));
        await using var named = await ServeAsync(Write("named", _authority.Issue(name: "other")));
        await using var expired = await ServeAsync(Write("expired", _authority.Issue(end: -TimeSpan.FromHours(1))));
        foreach (var server in (TestHost[])[foreign, named, expired])
        {
            await using var caller = await CallerAsync(Write("client", _authority.Issue()), server);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => HttpAsync(caller));
        }
    }

    [Fact]
    public async Task RenewedFiles_AreUsedByNewConnections_AndBadOnesAreNot()
    {
        using var first = _authority.Issue();
        using var second = _authority.Issue();
        using var third = _foreign.Issue();
        var folder = Write("server", first);
        await using var server = await ServeAsync(folder);
        using var client = _authority.Issue();
        Assert.Equal(first.Thumbprint, await ShownToAsync(server, client));

        _folder.Write("server/tls.key", "garbage");
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1.5);)
        {
            Assert.Equal(first.Thumbprint, await ShownToAsync(server, client));
        }

        Write("server", second);
        await UntilAsync(async () => await ShownToAsync(server, client) == second.Thumbprint);

        // Another authority: the old clients are strangers, the new ones are not.
        Write("server", third, _foreign);
        using var clientOfThird = _foreign.Issue();
        await UntilAsync(async () => await Try(() => ShownToAsync(server, clientOfThird)) == third.Thumbprint);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ShownToAsync(server, client));

        static async Task<string?> Try(Func<Task<string?>> call)
        {
            try
            {
                return await call();
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task FilesThatAreMissingOrWrong_AreNamedAtTheStart()
    {
        using var certificate = _authority.Issue();
        using var other = _authority.Issue();
        var folder = Write("server", certificate);
        _folder.Write("server/ca.crt", "");
        await IsRefusedAsync("ca.crt");
        Write("server", certificate);
        _folder.Write("server/tls.key", other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await IsRefusedAsync("tls.crt and tls.key");
        File.Delete(Path.Combine(folder, "tls.key"));
        await IsRefusedAsync("tls.key");

        async Task IsRefusedAsync(string file)
        {
            var exception = await Assert.ThrowsAsync<ConfigurationException>(() => ServeAsync(folder));
            var expected = $"Access__Certificates: {file} in '{folder}' can't be used: ";
            Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', exception.Message);
        }
    }

    private string Write(string name, X509Certificate2 certificate, Authority? authority = null)
    {
        _folder.Write($"{name}/ca.crt", (authority ?? _authority).Pem);
        _folder.Write($"{name}/tls.crt", certificate.ExportCertificatePem());
        var key = _folder.Write($"{name}/tls.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return Path.GetDirectoryName(key)!;
    }

    private static Task<TestHost> ServeAsync(string folder) => TestHost.StartAsync(
        builder => builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps())),
        ("Access:Certificates", folder));

    private static Task<TestHost> CallerAsync(string folder, TestHost server) => TestHost.StartAsync(
        builder => builder.AddGrpcServiceClient<Health.HealthClient>("guide"),
        ("Access:Certificates", folder),
        ("services:guide:grpc:0", server.App.Urls.Last()),
        ("services:guide:https:0", $"https://localhost:{new Uri(server.App.Urls.Last()).Port}"));

    private static async Task<string> HttpAsync(TestHost caller)
    {
        using var http = caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var response = await http.PostAsync(new Uri("https://guide/alive"), null, Cancellation); // which isn't tried again
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    /// <summary>Calls with a certificate, whatever the server's is; says which that was.</summary>
    private static async Task<string?> ShownToAsync(TestHost server, X509Certificate2? certificate)
    {
        string? shown = null;
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext =
                    certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                RemoteCertificateValidationCallback = (_, its, _, _) => (shown = its?.GetCertHashString()) is not null,
            },
        });
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(server.App.Urls.Last() + "/alive"), Cancellation));
        return shown;
    }

    private static Task UntilAsync(Func<Task<bool>> condition) =>
        Eventually.HoldsAsync(condition, () => "The new certificate is not shown.", interval: 50, TimeSpan.FromSeconds(20));
}
