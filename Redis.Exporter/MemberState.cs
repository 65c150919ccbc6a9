using StackExchange.Redis;

namespace MonoRepo.Redis.Exporter;

/// <summary>A member at the last look.</summary>
/// <param name="Name">How series name it: the name that it announces (<c>redis-0</c>), or its address.</param>
/// <param name="Node">What the cluster says of it; null before the cluster is known.</param>
/// <param name="Reading">What it said; null: it did not answer.</param>
internal sealed record MemberState(string Name, ClusterNode? Node, MemberReading? Reading);
