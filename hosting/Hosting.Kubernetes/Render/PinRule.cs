using Aspire.Hosting;

namespace MonoRepo.Hosting.Kubernetes.Render;

/// <summary>Where others work, what runs is said by digest: only <c>personal</c> and <c>dev</c> take images as they come.</summary>
public static class PinRule
{
    private static readonly string[] s_free = [DeploymentEnvironmentResource.Personal, "dev"];

    /// <exception cref="DistributedApplicationException">The environment wants digests and images have none.</exception>
    public static void ThrowIfUnpinned(string environment, IReadOnlyList<string> images)
    {
        if (images.Count > 0 && !s_free.Contains(environment, StringComparer.OrdinalIgnoreCase))
        {
            throw new DistributedApplicationException(
                $"'{environment}' takes images by digest only; these have none: {string.Join(", ", images)}. Pin them with `promote`, or look at them with --unpinned.");
        }
    }
}
