using System.Globalization;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Versions, such as <c>v1.32.4</c> and <c>v1.36.0</c>.</summary>
/// <param name="Client">Of kubectl.</param>
/// <param name="Server">Of the cluster.</param>
public sealed record KubectlVersion(string Client, string Server)
{
    /// <summary>The oldest cluster that is tested against.</summary>
    public const int OldestServerMinor = 30;

    /// <summary>What is unusual about the pair; null where nothing is. kubectl supports clusters within one minor version of its own.</summary>
    public string? Warning => (Minor(Client), Minor(Server)) switch
    {
        (_, < OldestServerMinor) => $"The cluster is Kubernetes {Server}; what is applied here is tested from 1.{OldestServerMinor} on.",
        ({ } client, { } server) when Math.Abs(client - server) > 1 =>
            $"kubectl is {Client} and the cluster {Server}: kubectl supports clusters within one minor version. Install kubectl 1.{server}.",
        _ => null,
    };

    private static int? Minor(string version) =>
        version.TrimStart('v').Split('.') is [_, var minor, ..] && int.TryParse(minor, CultureInfo.InvariantCulture, out var number) ? number : null;
}
