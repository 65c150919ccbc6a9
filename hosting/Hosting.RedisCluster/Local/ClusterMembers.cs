using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>The members as they can be talked to, once they have ports.</summary>
internal static class ClusterMembers
{
    public static int PortOf(IResourceWithEndpoints member) => EndpointOf(member).Port
        ?? throw new InvalidOperationException($"'{member.Name}' has no port yet.");

    public static EndpointAnnotation EndpointOf(IResourceWithEndpoints member) =>
        member.Annotations.OfType<EndpointAnnotation>().Single(e => e.Name == RedisClusterResource.EndpointName);

    public static async Task<ClusterMember> OfAsync(IResourceWithEndpoints member, RedisClusterResource cluster, CancellationToken cancellationToken) =>
        new(member.Name, PortOf(member), await PasswordAsync(cluster, cancellationToken).ConfigureAwait(false));

    public static async Task<IReadOnlyList<ClusterMember>> OfAsync(RedisClusterResource cluster, CancellationToken cancellationToken)
    {
        var password = await PasswordAsync(cluster, cancellationToken).ConfigureAwait(false);
        return [.. cluster.Members.Select(m => new ClusterMember(m.Name, PortOf(m), password))];
    }

    public static async ValueTask<string?> PasswordAsync(RedisClusterResource cluster, CancellationToken cancellationToken) =>
        cluster.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false) : null;
}
