using System.Collections.Frozen;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MonoRepo.ServiceDefaults.Access;

/// <summary>
/// Mutual TLS between services, where <c>Access__Certificates</c> names a folder as cert-manager's Secrets have it:
/// <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c>. Endpoints with https ask for a certificate of that authority, and clients of
/// services of the graph show this one and ask for one, too. Files that are replaced are good for the connections that follow.
/// </summary>
internal sealed partial class ServiceCertificates(
    string folder, CertificateFiles files, IConfiguration configuration, TimeProvider clock, ILogger<ServiceCertificates> logger)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly FrozenSet<string> _hosts = configuration.GetSection("services").AsEnumerable()
        .Select(address => Uri.TryCreate(address.Value, UriKind.Absolute, out var uri) ? uri.IdnHost : "")
        .Where(IsInternal).ToFrozenSet();

    private readonly Lock _gate = new();
    private CertificateFiles _files = files;
    private long _lastRead = clock.GetTimestamp();
    private string? _problem;

    private CertificateFiles Files
    {
        get
        {
            lock (_gate)
            {
                if (clock.GetElapsedTime(_lastRead) >= s_interval)
                {
                    Refresh();
                    _lastRead = clock.GetTimestamp();
                }

                return _files;
            }
        }
    }

    public void Serve(HttpsConnectionAdapterOptions https)
    {
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ServerCertificateSelector = (_, _) => Files.Certificate.TargetCertificate;

        // Instead of Kestrel's own check, which would trust what the machine trusts.
        https.ClientCertificateValidation = (certificate, _, _) => Files.Trusts(certificate, CertificateFiles.ClientUsage);

        // The selector knows no intermediate certificates.
        https.OnAuthenticate = (_, tls) =>
        {
            tls.ServerCertificateSelectionCallback = null;
            tls.ServerCertificateContext = Files.Certificate;
        };
    }

    /// <summary>For services of the graph; what other hosts show is checked as ever.</summary>
    public void Call(SslClientAuthenticationOptions tls)
    {
        tls.LocalCertificateSelectionCallback =
            (_, host, _, _, _) => _hosts.Contains(host) ? Files.Certificate.TargetCertificate : null!;
        tls.RemoteCertificateValidationCallback = (sender, certificate, _, errors) =>
            sender is SslStream stream && _hosts.Contains(stream.TargetHostName)
                ? certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0
                    && Files.Trusts(certificate, CertificateFiles.ServerUsage)
                : errors == SslPolicyErrors.None;
    }

    // An external service of the graph has a public name, and a certificate of a public authority.
    private static bool IsInternal(string host) => host.Length > 0
        && (!host.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(host, out _)
            || host.EndsWith(".svc", StringComparison.Ordinal) || host.EndsWith(".svc.cluster.local", StringComparison.Ordinal));

    private void Refresh()
    {
        try
        {
            _files = CertificateFiles.Read(folder, _files);
            _problem = null;
        }
        catch (ConfigurationException exception)
        {
            // Also while the files are being replaced; the last ones serve on.
            if (_problem != exception.Message)
            {
                NotRenewed(_problem = exception.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Problem} The last certificate serves on.")]
    private partial void NotRenewed(string problem);
}

/// <summary>A certificate with its key, those between it and its authority, and the authorities of the other side's.</summary>
internal sealed record CertificateFiles(
    string Text, SslStreamCertificateContext Certificate, X509Certificate2Collection Chain,
    X509Certificate2Collection Authorities)
{
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>Reads the folder; the <paramref name="last"/> ones, if they are still there.</summary>
    /// <exception cref="ConfigurationException">A file is missing or wrong.</exception>
    public static CertificateFiles Read(string folder, CertificateFiles? last = null)
    {
        var file = "";
        try
        {
            var (certificates, key, authority) = (Text("tls.crt"), Text("tls.key"), Text("ca.crt"));
            if (certificates + key + authority is var text && text == last?.Text)
            {
                return last;
            }

            file = "tls.crt and tls.key";
            var certificate = X509Certificate2.CreateFromPem(certificates, key);
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(certificates);
            chain.RemoveAt(0);
            file = "ca.crt";
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPem(authority);
            return authorities.Count > 0
                ? new(text, SslStreamCertificateContext.Create(certificate, chain, offline: true), chain, authorities)
                : throw new CryptographicException("it has no certificate");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationException(
                $"Access__Certificates: {file} in '{folder}' can't be used: {exception.Message.TrimEnd('.')}.");
        }

        string Text(string name) => File.ReadAllText(Path.Combine(folder, file = name));
    }

    public bool Trusts(X509Certificate certificate, string usage)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);

        // A client's intermediate certificates don't come with it; services of one issuer have the same.
        chain.ChainPolicy.ExtraStore.AddRange(Chain);
        chain.ChainPolicy.ApplicationPolicy.Add(new(usage));
        return chain.Build((X509Certificate2)certificate);
    }
}

/// <summary>Adds mutual TLS where it is asked for.</summary>
internal static class ServiceCertificateExtensions
{
    public static void AddServiceCertificates(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration["Access:Certificates"] is not { Length: > 0 } folder)
        {
            return;
        }

        // Now, so that a process with wrong files doesn't start.
        var files = CertificateFiles.Read(folder);
        builder.Services.AddSingleton(
            services => ActivatorUtilities.CreateInstance<ServiceCertificates>(services, folder, files));

        // First, so that no endpoint of the code misses it.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>>(services =>
            new ConfigureOptions<KestrelServerOptions>(kestrel =>
                kestrel.ConfigureHttpsDefaults(services.GetRequiredService<ServiceCertificates>().Serve))));
        builder.Services.ConfigureHttpClientDefaults(http => http.UseSocketsHttpHandler((handler, services) =>
            services.GetRequiredService<ServiceCertificates>().Call(handler.SslOptions)));
    }
}
