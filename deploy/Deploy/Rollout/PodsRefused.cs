using System.Text.RegularExpressions;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Rollout;

/// <summary>The API server's words on why it refuses to create pods.</summary>
internal static partial class PodsRefused
{
    /// <summary>The message without the name of the pod, which changes with every attempt.</summary>
    public static string Of(string? message) => "its pods are refused: " + Subject().Replace(OneLine.Of(message), "");

    // Error creating: pods "server-5d4f-x2x8l" is forbidden: exceeded quota: …
    // create Pod store-0 in StatefulSet store failed error: pods "store-0" is forbidden: …
    [GeneratedRegex(
        "^(Error creating: |create Pod .* failed error: )?pods? \"[^\"]*\" is forbidden: |^Error creating: |^create Pod .* " +
        "failed error: ")]
    private static partial Regex Subject();
}
