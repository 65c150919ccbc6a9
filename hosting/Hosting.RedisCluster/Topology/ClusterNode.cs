using System.Globalization;

namespace MonoRepo.Hosting.RedisCluster.Topology;

/// <summary>One line of <c>CLUSTER NODES</c>: a node as one member sees it.</summary>
internal sealed record ClusterNode(
    string Id, string Host, int Port, IReadOnlySet<string> Flags, string? MasterId, bool IsLinked, IReadOnlyList<SlotRange> Slots)
{
    /// <summary>The name that the node announces; Garnet's is the machine's. Null without one.</summary>
    public string? Hostname { get; init; }

    public bool IsMyself => Flags.Contains("myself");

    public bool IsMaster => Flags.Contains("master");

    /// <summary>Whether the majority has agreed that the node is gone. Garnet never says so.</summary>
    public bool HasFailed => Flags.Contains("fail");

    /// <summary>Reads the answer to <c>CLUSTER NODES</c>.</summary>
    /// <exception cref="FormatException">It is no such answer.</exception>
    public static IReadOnlyList<ClusterNode> Parse(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseLine)];

    // <id> <ip>:<port>@<bus>[,<hostname>] <flag>,<flag> <master id or -> <ping> <pong> <epoch> connected|disconnected <slots>…
    private static ClusterNode ParseLine(string line)
    {
        if (line.Split(' ') is not [var id, var address, var flags, var master, _, _, _, var link, .. var slots])
        {
            throw new FormatException($"'{line}' is no line of CLUSTER NODES.");
        }

        var hostAndPort = address.Split('@')[0];
        var colon = hostAndPort.LastIndexOf(':');
        return new(
            id,
            hostAndPort[..colon],
            int.Parse(hostAndPort[(colon + 1)..], CultureInfo.InvariantCulture),
            flags.Split(',').ToHashSet(),
            master == "-" ? null : master,
            link == "connected",
            [.. slots.Where(s => s.Length > 0 && s[0] != '[').Select(ParseSlots)])
        {
            Hostname = address.Split(',') is [_, { Length: > 0 } hostname, ..] && !hostname.Contains('=', StringComparison.Ordinal) ? hostname : null,
        };
    }

    // 0-5460 | 7 ; a slot on its way, [93-<-id], is listed under its owner as well
    private static SlotRange ParseSlots(string text)
    {
        var ends = text.Split('-');
        return new(int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
    }
}
