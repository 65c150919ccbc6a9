namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>What a member is started with.</summary>
/// <param name="Port">Where it listens on loopback; its bus is <see cref="FreePorts.BusOffset"/> above.</param>
/// <param name="Directory">Where it keeps its cluster configuration, and its data if they are kept.</param>
/// <param name="KeepsData">Whether keys survive a restart of the member.</param>
/// <param name="HasReplicas">Whether the cluster has replicas, for which Garnet needs its log.</param>
/// <param name="Password">What clients and other members must present.</param>
internal sealed record MemberSettings(int Port, string Directory, bool KeepsData, bool HasReplicas, string? Password);
