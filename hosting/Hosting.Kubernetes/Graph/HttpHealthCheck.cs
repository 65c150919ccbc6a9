using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>A health check that was added with <c>WithHttpHealthCheck</c>.</summary>
internal sealed partial record HttpHealthCheck(string Endpoint, string Path)
{
    /// <summary>
    /// The checks of a resource. Aspire keeps endpoint and path in the key of the check only:
    /// <c>routeguide-server_management_/health_200_check</c>.
    /// </summary>
    public static IEnumerable<HttpHealthCheck> Read(IResource resource, EffectiveAnnotations annotations) =>
        from check in annotations.All<HealthCheckAnnotation>()
        where check.Key.StartsWith(resource.Name + "_", StringComparison.Ordinal)
        let match = Key().Match(check.Key[resource.Name.Length..])
        where match.Success
        select new HttpHealthCheck(match.Groups["endpoint"].Value, match.Groups["path"].Value);

    [GeneratedRegex("^_(?<endpoint>[^/]+)_(?<path>/.*)_[0-9]{3}_check$")]
    private static partial Regex Key();
}
