using StackExchange.Redis;

namespace MonoRepo.Redis.Exporter;

/// <summary>What a member said of itself.</summary>
/// <param name="Info"><c>INFO</c>, by key.</param>
/// <param name="Cluster"><c>CLUSTER INFO</c>, by key.</param>
/// <param name="Nodes"><c>CLUSTER NODES</c>.</param>
internal sealed record MemberReading(
    IReadOnlyDictionary<string, string> Info, IReadOnlyDictionary<string, string> Cluster, IReadOnlyList<ClusterNode> Nodes)
{
    /// <summary>The newest view of the cluster has the highest.</summary>
    public long Epoch =>
        Cluster.TryGetValue("cluster_current_epoch", out var epoch) && long.TryParse(epoch, out var value) ? value : 0;

    // key:value
    public static Dictionary<string, string> Parse(string? text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line[0] != '#' && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                values[line[..colon]] = line[(colon + 1)..];
            }
        }

        return values;
    }
}
