using System.Net;

namespace MonoRepo.Deploy.Images;

/// <summary>Where the API of a registry is.</summary>
internal static class RegistryHost
{
    /// <summary>
    /// The address of a registry. Plain HTTP is for this machine only: <c>localhost</c>, what ends in <c>.localhost</c> (the
    /// names that k3d suggests; RFC 6761 keeps them on this machine) and loopback addresses. Everything else is HTTPS.
    /// </summary>
    internal static Uri Address(string host) => host == RegistryReference.DockerHub
        ? new Uri("https://registry-1.docker.io/")
        : new Uri($"{(IsLocal(host) ? "http" : "https")}://{host}/");

    internal static bool IsLocal(string host)
    {
        var name = Name(host);
        return IsLocalName(name) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

    internal static bool IsLocalName(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    // localhost:5000, [::1]:5000
    private static string Name(string host) =>
        host.StartsWith('[') ? host[1..Math.Max(1, host.IndexOf(']', StringComparison.Ordinal))] : host.Split(':')[0];
}
