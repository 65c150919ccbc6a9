using System.Diagnostics.Metrics;
using System.Globalization;

namespace MonoRepo.Redis.Exporter;

/// <summary>
/// What members say, as metrics, by the names of the well-known redis_exporter where it has the same thing
/// (https://github.com/oliver006/redis_exporter); docs/metrics.md lists them.
/// </summary>
internal sealed class RedisMetrics : IDisposable
{
    public const string MeterName = "MonoRepo.Redis";

    private readonly Meter _meter = new(MeterName);
    private readonly string _cluster;
    private readonly Func<IReadOnlyList<MemberState>> _members;

    public RedisMetrics(string cluster, Func<IReadOnlyList<MemberState>> members)
    {
        (_cluster, _members) = (cluster, members);

        foreach (var value in InfoValue.All)
        {
            if (value.IsCounter)
            {
                _meter.CreateObservableCounter(value.Name, () => Each(value.Read), value.Unit, value.Help);
            }
            else
            {
                _meter.CreateObservableGauge(value.Name, () => Each(value.Read), value.Unit, value.Help);
            }
        }

        _meter.CreateObservableGauge("redis_up", () => _members().Select(member => Of(member.Reading is null ? 0 : 1, member)),
            description: "Whether the member answers.");
        _meter.CreateObservableGauge("redis_instance_info", () => Answering().Select(member => Of(1, member,
                new("role", member.Reading!.Info.GetValueOrDefault("role")),
                new("redis_version", member.Reading.Info.GetValueOrDefault("redis_version")),
                new("server", member.Reading.Info.GetValueOrDefault("server_name") ?? "redis"))),
            description: "What the member is: its role (master or slave) and version.");
        _meter.CreateObservableGauge("redis_cluster_member_slots", () => _members().Where(member => member.Node is not null)
                .Select(member => Of(member.Node!.Slots.Sum(range => range.To - range.From + 1), member)),
            description: "Hash slots that the member owns, as the cluster sees it.");
        _meter.CreateObservableGauge("redis_replication_lag_bytes", Lags, "By",
            "How far a replica is behind its master.");
        _meter.CreateObservableGauge("redis_db_keys", () => Keys("keys"), description: "Keys by database.");
        _meter.CreateObservableGauge(
            "redis_db_keys_expiring", () => Keys("expires"), description: "Keys that expire, by database.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<MemberState> Answering() => _members().Where(member => member.Reading is not null);

    private IEnumerable<Measurement<double>> Each(Func<MemberReading, double?> read)
    {
        foreach (var member in Answering())
        {
            if (read(member.Reading!) is { } value)
            {
                yield return Of(value, member);
            }
        }
    }

    // db0:keys=12,expires=3,avg_ttl=0
    private IEnumerable<Measurement<double>> Keys(string what) =>
        from member in Answering()
        from entry in member.Reading!.Info
        where entry.Key.StartsWith("db", StringComparison.Ordinal) && int.TryParse(entry.Key.AsSpan(2), out _)
        from part in entry.Value.Split(',')
        where part.StartsWith($"{what}=", StringComparison.Ordinal)
        select Of(double.Parse(part.AsSpan(what.Length + 1), CultureInfo.InvariantCulture), member,
            new KeyValuePair<string, object?>("db", entry.Key));

    private IEnumerable<Measurement<double>> Lags()
    {
        var members = _members();
        foreach (var replica in members.Where(member => member.Node?.ParentNodeId is not null && member.Reading is not null))
        {
            var master = members.FirstOrDefault(member => member.Node?.NodeId == replica.Node!.ParentNodeId);
            if (InfoValue.Number(master?.Reading?.Info, "master_repl_offset") is { } written
                && InfoValue.Number(replica.Reading!.Info, "slave_repl_offset") is { } read)
            {
                // Both are asked at once and answer one after the other.
                yield return Of(Math.Max(0, written - read), replica, new KeyValuePair<string, object?>("master", master!.Name));
            }
        }
    }

    private Measurement<double> Of(double value, MemberState member, params ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        new(value, [new("cluster", _cluster), new("member", member.Name), .. labels]);
}
