using System.Globalization;

namespace MonoRepo.Redis.Exporter;

/// <summary>One value of <c>INFO</c> or <c>CLUSTER INFO</c> as a metric.</summary>
/// <param name="Name">The metric's name; counters get their suffix when they are written.</param>
/// <param name="Help">What it is.</param>
/// <param name="Read">Reads it; null where this server does not say it.</param>
/// <param name="IsCounter">Whether it only grows.</param>
/// <param name="Unit">Its unit in UCUM.</param>
internal sealed record InfoValue(
    string Name, string Help, Func<MemberReading, double?> Read, bool IsCounter = false, string? Unit = null)
{
    public static IReadOnlyList<InfoValue> All { get; } =
    [
        // Garnet calls some values otherwise: the second name.
        Bytes("redis_memory_used_bytes", "Memory that the data takes.", "used_memory", "store_mainlog_memory_size"),
        Bytes("redis_memory_used_rss_bytes", "Memory that the process has from the operating system.", "used_memory_rss",
            "proc_physical_memory_size"),
        Bytes("redis_memory_max_bytes", "The limit of the data's memory; 0: none.", "maxmemory", "store_heap_memory_target_size"),
        Gauge("redis_mem_fragmentation_ratio", "Resident memory by used memory.", "mem_fragmentation_ratio"),
        Gauge("redis_connected_clients", "Clients that are connected.", "connected_clients"),
        Gauge("redis_blocked_clients", "Clients that wait in a blocking command.", "blocked_clients"),
        Gauge("redis_max_clients", "The limit of clients.", "maxclients"),
        Gauge("redis_uptime_in_seconds", "How long the member has been running.", "uptime_in_seconds"),
        Gauge("redis_loading_dump_file", "Whether the member still loads its data.", "loading"),
        Gauge("redis_rdb_last_bgsave_status", "Whether the last snapshot succeeded.", "rdb_last_bgsave_status"),
        Gauge("redis_aof_last_write_status", "Whether the last write to the append-only file succeeded.",
            "aof_last_write_status"),
        Gauge("redis_connected_slaves", "Replicas that are connected.", "connected_slaves"),
        Gauge("redis_master_repl_offset", "Offset of the replication stream on a master.", "master_repl_offset"),
        Gauge("redis_slave_repl_offset", "Offset of the replication stream that a replica has reached.", "slave_repl_offset"),
        Gauge("redis_master_link_up", "Whether a replica is linked to its master.", "master_link_status"),
        Gauge("redis_master_last_io_seconds_ago", "Since when a replica has heard nothing of its master.",
            "master_last_io_seconds_ago"),
        Gauge("redis_master_sync_in_progress", "Whether a replica copies all data from its master.", "master_sync_in_progress"),
        Counter("redis_commands_processed", "Commands that were processed.", "total_commands_processed"),
        Counter("redis_connections_received", "Connections that were accepted.", "total_connections_received"),
        Counter("redis_rejected_connections", "Connections refused because of the limit of clients.", "rejected_connections"),
        Counter("redis_keyspace_hits", "Keys that were looked up and found.", "keyspace_hits", "total_found"),
        Counter("redis_keyspace_misses", "Keys that were looked up and not found.", "keyspace_misses", "total_notfound"),
        Counter("redis_expired_keys", "Keys that expired.", "expired_keys"),
        Counter("redis_evicted_keys", "Keys that were dropped to free memory.", "evicted_keys"),
        Counter("redis_net_input_bytes", "Bytes received.", "total_net_input_bytes") with { Unit = "By" },
        Counter("redis_net_output_bytes", "Bytes sent.", "total_net_output_bytes") with { Unit = "By" },
        Counter("redis_cpu_user_seconds", "Processor time in the program.", "used_cpu_user") with { Unit = "s" },
        Counter("redis_cpu_sys_seconds", "Processor time in the operating system.", "used_cpu_sys") with { Unit = "s" },
        Cluster("redis_cluster_state", "Whether the member takes commands: the cluster is whole as it sees it.", "cluster_state"),
        Cluster("redis_cluster_slots_assigned", "Hash slots that have an owner; 16384 of a whole cluster.",
            "cluster_slots_assigned"),
        Cluster("redis_cluster_slots_ok", "Hash slots whose owner is there.", "cluster_slots_ok"),
        Cluster("redis_cluster_slots_pfail", "Hash slots whose owner this member does not reach.", "cluster_slots_pfail"),
        Cluster("redis_cluster_slots_fail", "Hash slots whose owner is gone, as the majority has agreed.", "cluster_slots_fail"),
        Cluster("redis_cluster_known_nodes", "Members that this member knows.", "cluster_known_nodes"),
        Cluster("redis_cluster_size", "Masters that own slots.", "cluster_size"),
        Cluster("redis_cluster_current_epoch", "Grows with every failover.", "cluster_current_epoch"),
        Cluster("redis_cluster_my_epoch", "The epoch since when the member has its slots.", "cluster_my_epoch"),
        Cluster("redis_cluster_messages_sent", "Messages sent to other members.", "cluster_stats_messages_sent") with
        {
            IsCounter = true,
        },
        Cluster("redis_cluster_messages_received", "Messages received from other members.",
            "cluster_stats_messages_received") with { IsCounter = true },
    ];

    /// <summary>A value as a number; words are whether they are the good one.</summary>
    public static double? Number(IReadOnlyDictionary<string, string>? values, string key) => values?.GetValueOrDefault(key) switch
    {
        null => null,
        "ok" or "up" or "True" => 1,
        "fail" or "err" or "down" or "False" => 0,
        var text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null,
    };

    private static InfoValue Gauge(string name, string help, params string[] keys) =>
        new(name, help, reading => keys.Select(key => Number(reading.Info, key)).FirstOrDefault(number => number is not null));

    private static InfoValue Bytes(string name, string help, params string[] keys) =>
        Gauge(name, help, keys) with { Unit = "By" };

    private static InfoValue Counter(string name, string help, params string[] keys) =>
        Gauge(name, help, keys) with { IsCounter = true };

    private static InfoValue Cluster(string name, string help, string key) =>
        new(name, help, reading => Number(reading.Cluster, key));
}
