using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>Where DCP's API listens, what to say to be let in, and whom to trust.</summary>
/// <param name="Server">The base address, <c>https://127.0.0.1:port</c>.</param>
/// <param name="Token">The bearer token.</param>
/// <param name="Certificate">The one certificate that the server may show.</param>
internal sealed partial record DcpAddress(Uri Server, string Token, X509Certificate2 Certificate)
{
    /// <summary>Reads the kubeconfig that DCP writes; null while it is not complete.</summary>
    /// <remarks>
    /// <code>
    /// clusters:
    /// - cluster:
    ///     certificate-authority-data: LS0t…
    ///     server: https://127.0.0.1:39219
    /// users:
    /// - user:
    ///     token: gwzagb…
    /// </code>
    /// Two values of a file with one known writer: no YAML reader is needed for them.
    /// </remarks>
    public static DcpAddress? TryParse(string kubeconfig, X509Certificate2 certificate)
    {
        var server = ServerLine().Match(kubeconfig);
        var token = TokenLine().Match(kubeconfig);
        return server.Success && token.Success
            ? new DcpAddress(new Uri(server.Groups[1].Value), token.Groups[1].Value, certificate)
            : null;
    }

    [GeneratedRegex(@"^\s+server:\s*(https?://\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex ServerLine();

    [GeneratedRegex(@"^\s+token:\s*(\S+)[^\S\n]*\n", RegexOptions.Multiline)]
    private static partial Regex TokenLine();
}
