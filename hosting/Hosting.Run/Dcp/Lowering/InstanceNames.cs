using System.Security.Cryptography;
using System.Text;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>Names of instances: the resource's and eight letters.</summary>
internal static class InstanceNames
{
    private const int SuffixLength = 8;

    /// <summary>Letters for something that lives as long as the AppHost.</summary>
    public static string RandomSuffix() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", SuffixLength);

    /// <summary>Letters for something that outlives the AppHost and is found again by the next run.</summary>
    /// <param name="applicationId">What tells this AppHost from others, such as its path's hash.</param>
    public static string StableSuffix(string applicationId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(applicationId)))[..SuffixLength];
}
