using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>
/// The certificate of one session's API server. Left alone DCP makes an RSA key of 4096 bits, which takes 1 to 3 seconds;
/// an elliptic one takes a millisecond, and DCP is up in a tenth of a second.
/// </summary>
internal static class DcpCertificate
{
    /// <summary>Makes a self-signed certificate and writes it and its key as PEM, into a folder that is private already.</summary>
    public static X509Certificate2 Create(string certificateFile, string keyFile, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));

        var now = clock.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(365));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
