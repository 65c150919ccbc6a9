using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>A quick start of DCP.</summary>
internal static class DcpCertificateExtensions
{
    /// <summary>
    /// Lends the certificate of DCP's own API, on loopback, where there is no trusted development certificate to take: left
    /// alone, DCP makes an RSA key of 4096 bits at each start, which takes one to four seconds. It is in no certificate store,
    /// nobody trusts it, nothing else uses it, and that there is no trusted one is no longer warned of.
    /// </summary>
    public static IDistributedApplicationBuilder AddDcpCertificate(this IDistributedApplicationBuilder builder)
    {

        // On Windows DCP looks for the certificate in the user's store.
        if (builder.ExecutionContext.IsRunMode && !OperatingSystem.IsWindows()
            && builder.Services.LastOrDefault(
                s => s.ServiceType == typeof(IDeveloperCertificateService)) is { ImplementationType: { } official })
        {
            builder.Services.AddSingleton<IDeveloperCertificateService>(services => new CertificateService(
                (IDeveloperCertificateService)ActivatorUtilities.CreateInstance(services, official),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<CertificateService>>()));
        }

        return builder;
    }

    private sealed class CertificateService(IDeveloperCertificateService official, TimeProvider clock, ILogger logger)
        : IDeveloperCertificateService
    {
        // Aspire takes a certificate only if it has the mark of an ASP.NET Core development certificate; the value is its
        // version.
        private static readonly X509Extension s_mark = new("1.3.6.1.4.1.311.84.1.1", [2], critical: false);
        private readonly Lazy<ImmutableList<X509Certificate2>> _certificates = new(() =>
            official.Certificates is { Count: > 0 } trusted ? trusted : FindOrCreate(clock, logger));

        public ImmutableList<X509Certificate2> Certificates => _certificates.Value;

        public bool SupportsContainerTrust => official.SupportsContainerTrust;

        public bool UseForHttps => official.UseForHttps;

        public bool TrustCertificate => official is { TrustCertificate: true, Certificates.Count: > 0 };

        private static ImmutableList<X509Certificate2> FindOrCreate(TimeProvider clock, ILogger logger)
        {
            var file = Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aspire", "monorepo-dcp.pem");
            try
            {
                if (File.Exists(file) && X509Certificate2.CreateFromPemFile(file) is var kept
                    && kept.NotAfter > clock.GetLocalNow().AddDays(1))
                {
                    return [kept];
                }

                return [Create(file, clock)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                logger.LogDebug(e, "DCP makes its own certificate.");
                return [];
            }
        }

        private static X509Certificate2 Create(string file, TimeProvider clock)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
            request.CertificateExtensions.Add(s_mark);
            var certificate = request.CreateSelfSigned(clock.GetUtcNow().AddHours(-1), clock.GetUtcNow().AddYears(1));

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            PrivateFile.Write(
                file, string.Concat([
                    certificate.ExportCertificatePem(),
                    Environment.NewLine,
                    key.ExportPkcs8PrivateKeyPem(),
                    Environment.NewLine,
                ]));
            return certificate;
        }
    }
}
