using System.Security.Cryptography.X509Certificates;

namespace MonoRepo.Notifier.Channels;

/// <summary>Whose certificates of servers are trusted, for networks with an authority of their own.</summary>
internal static class CertificateTrust
{
    /// <summary>Trusts only the authorities of a PEM file; null, which is those of the system, where there is no file.</summary>
    public static X509ChainPolicy? Read(string? file)
    {
        if (file is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
