using System.Globalization;

namespace MonoRepo.Deploy.Cluster;

/// <summary>Whether a cluster is of a version that this is tested with.</summary>
internal static class ServerVersion
{
    /// <summary>The oldest minor version of Kubernetes 1 that is tested.</summary>
    public const int OldestMinor = 30;

    /// <summary>What is to be said of a version such as <c>v1.29.4</c>; null: nothing.</summary>
    public static string? Warning(string version) => Minor(version) < OldestMinor
        ? $"The cluster is Kubernetes {version}; what is applied here is tested from 1.{OldestMinor} on."
        : null;

    private static int? Minor(string version) =>
        version.TrimStart('v').Split('.') is [_, var minor, ..]
        && int.TryParse(minor, CultureInfo.InvariantCulture, out var number) ? number : null;
}
