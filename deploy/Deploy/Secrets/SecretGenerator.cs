using System.Security.Cryptography;

namespace MonoRepo.Deploy.Secrets;

/// <summary>Makes passwords.</summary>
internal static class SecretGenerator
{
    // 32 of 62 characters: 190 bits. Letters and digits only: they mean themselves in URLs, connection strings and shells.
    private const int Length = 32;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new one.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);
}
