namespace MonoRepo.Hosting.RedisCluster.Monitoring;

/// <summary>The dashboard of a cluster, in the series of its exporter.</summary>
internal static class RedisClusterPanels
{
    private const string Member = "{{member}}";

    public static DashboardPanel[] Cluster(string cluster) =>
    [
        new("Members that answer", $"sum(redis_up{{cluster=\"{cluster}\"}})", "short", "members"),
        new("Slots with a living owner, as each member sees it", $"redis_cluster_slots_ok{{cluster=\"{cluster}\"}}", "short",
            Member),
        new("Slots by owner", $"redis_cluster_member_slots{{cluster=\"{cluster}\"}}", "short", Member),
        new("Epoch; grows with every failover", $"redis_cluster_current_epoch{{cluster=\"{cluster}\"}}", "short", Member),
        new("Replication lag", $"redis_replication_lag_bytes{{cluster=\"{cluster}\"}} or 0 * redis_up{{cluster=\"{cluster}\"}}",
            "bytes", Member),
        new("Connected clients", $"redis_connected_clients{{cluster=\"{cluster}\"}}", "short", Member),
    ];

    public static DashboardPanel[] Work(string cluster) =>
    [
        new("Commands per second", $"rate(redis_commands_processed_total{{cluster=\"{cluster}\"}}[$__rate_interval])", "ops",
            Member),
        new("Memory of the data", $"redis_memory_used_bytes{{cluster=\"{cluster}\"}}", "bytes", Member),
        new("Whether the last write to the volume succeeded", $"redis_aof_last_write_status{{cluster=\"{cluster}\"}}", "short",
            Member),
        new("Keys", $"sum by (member) (redis_db_keys{{cluster=\"{cluster}\"}}) or 0 * redis_up{{cluster=\"{cluster}\"}}", "short",
            Member),
    ];
}
