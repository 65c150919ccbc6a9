namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// Where others work, what runs is said by digest. Only <c>personal</c> takes images as they come; <c>dev</c> takes third-party
/// tags, and wants digests of what is built here, which has no tag.
/// </summary>
internal static class PinRule
{
    /// <summary>The environment that is every developer's own.</summary>
    public const string Personal = "personal";

    private const string Development = "dev";

    /// <exception cref="DeployException">The environment wants digests and images have none.</exception>
    public static void ThrowIfUnpinned(string environment, IReadOnlyList<string> images)
    {
        List<string> lacking = environment.ToLowerInvariant() switch
        {
            Personal => [],
            Development => [.. images.Where(i => ImageReference.Parse(i).Tag is null)],
            _ => [.. images],
        };
        if (lacking.Count > 0)
        {
            throw new DeployException(
                $"'{environment}' takes images by digest only; these have none: {string.Join(", ", lacking)}. Pin them with " +
                "`promote`, or look at them with --unpinned.");
        }
    }
}
