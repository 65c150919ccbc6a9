using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MonoRepo.Tests;

/// <summary>A certificate of <c>localhost</c> that is its own authority.</summary>
internal static class TestCertificate
{
    // Debian's OpenSSL and GnuTLS both want a name for the host.
    public static X509Certificate2 Make()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Writes a new one: the files of the certificate and of its key.</summary>
    public static (string Certificate, string Key) Write(TemporaryFolder folder)
    {
        using var certificate = Make();
        return (
            folder.Write("ca.pem", certificate.ExportCertificatePem()),
            folder.Write("key.pem", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()));
    }
}
