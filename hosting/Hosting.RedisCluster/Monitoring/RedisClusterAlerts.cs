namespace MonoRepo.Hosting.RedisCluster.Monitoring;

/// <summary>What may go wrong with a cluster, in the series of its exporter.</summary>
internal static class RedisClusterAlerts
{
    public static AlertRule[] Of(string cluster) =>
    [
        new(
            "RedisMemberDown",
            $"redis_up{{cluster=\"{cluster}\"}} == 0",
            TimeSpan.FromMinutes(2),
            AlertSeverity.Ticket,
            "{{ $labels.member }} of {{ $labels.cluster }} does not answer."),
        new(
            "RedisSlotsLost",
            // When no member answers, none says how many slots are served.
            $"(min by (cluster) (redis_cluster_slots_ok{{cluster=\"{cluster}\"}}) or 0 * max by (cluster) " +
            $"(redis_up{{cluster=\"{cluster}\"}})) < 16384",
            TimeSpan.FromSeconds(30),
            AlertSeverity.Page,
            "{{ $labels.cluster }} serves {{ $value }} of 16384 slots: the keys of the others can be neither read nor written."),
        new(
            "RedisShardDown",
            $"redis_up{{cluster=\"{cluster}\"}} == 0 and on (cluster, member) " +
            $"redis_cluster_member_slots{{cluster=\"{cluster}\"}} > 0",
            TimeSpan.FromMinutes(1),
            AlertSeverity.Page,
            "{{ $labels.member }} of {{ $labels.cluster }} owns slots, does not answer, and no replica has taken its place: " +
            "it is not running, or its data are damaged or gone."),
        new(
            "RedisWritesFail",
            $"redis_aof_last_write_status{{cluster=\"{cluster}\"}} == 0 and on (cluster, member) " +
            $"redis_instance_info{{cluster=\"{cluster}\",role=\"master\"}}",
            TimeSpan.FromMinutes(1),
            AlertSeverity.Page,
            "{{ $labels.member }} of {{ $labels.cluster }} cannot write to its volume and refuses writes, and no replica has " +
            "taken its place."),
        new(
            "RedisWritesFail",
            $"redis_aof_last_write_status{{cluster=\"{cluster}\"}} == 0 unless on (cluster, member) " +
            $"redis_instance_info{{cluster=\"{cluster}\",role=\"master\"}}",
            TimeSpan.FromMinutes(2),
            AlertSeverity.Ticket,
            "{{ $labels.member }} of {{ $labels.cluster }}, a replica, cannot write to its volume: it cannot take its " +
            "master's place."),
        new(
            "RedisFailover",
            $"max by (cluster) (changes(redis_cluster_current_epoch{{cluster=\"{cluster}\"}}[10m])) > 0",
            TimeSpan.Zero,
            AlertSeverity.Ticket,
            "A replica of {{ $labels.cluster }} has taken the place of its master, or slots have moved, within 10 minutes."),
        new(
            "RedisReplicaLag",
            $"redis_replication_lag_bytes{{cluster=\"{cluster}\"}} > {10 * 1024 * 1024} or " +
            $"redis_master_link_up{{cluster=\"{cluster}\"}} == 0",
            TimeSpan.FromMinutes(2),
            AlertSeverity.Ticket,
            "{{ $labels.member }} of {{ $labels.cluster }} is far behind its master, or not linked to it: a failover now " +
            "would lose acknowledged writes."),
        new(
            "RedisMemoryNearlyFull",
            $"redis_memory_used_bytes{{cluster=\"{cluster}\"}} / (redis_memory_max_bytes{{cluster=\"{cluster}\"}} > 0) > 0.9",
            TimeSpan.FromMinutes(10),
            AlertSeverity.Ticket,
            "{{ $labels.member }} of {{ $labels.cluster }} uses {{ $value | humanizePercentage }} of its memory; when it is " +
            "full it refuses writes."),
    ];
}
