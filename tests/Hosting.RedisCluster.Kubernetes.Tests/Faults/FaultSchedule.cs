using System.Globalization;

namespace MonoRepo.Tests.RedisOnKubernetes.Faults;

/// <summary>What is done to a member, or to all of them.</summary>
internal enum Fault
{
    Kill, // the pod ends without notice, and comes back at another address when the round ends
    Crash, // the process ends without notice, and starts again at once in the same pod
    Freeze, // the process stands still until the round ends
    Fill, // the volume is full until the round ends
    Cut, // no other member is reached until the round ends; callers reach it
    Roll, // the pod ends as Kubernetes ends it, and starts again
    Wipe, // its volume is lost; alone in its round
    Damage, // bytes of its append-only file change while it is down; alone in its round
    KillAll, // all members end without notice
    RollAll, // all members are rolled, one by one
    Scale, // to four shards and back to three, whatever else happens meanwhile
}

/// <summary>A fault of a shard's master or replica, and for how many milliseconds nothing else begins.</summary>
internal sealed record Step(Fault Fault, int Shard, bool IsMaster, int Hold)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Fault}:{Shard}{(IsMaster ? 'm' : 'r')}:{Hold}").ToLowerInvariant();

    public static Step Parse(string text) => text.Split(':') is [var fault, [var shard, var role], var hold]
        ? new(Enum.Parse<Fault>(fault, ignoreCase: true), shard - '0', role == 'm', int.Parse(hold, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' is no step, such as kill:0m:1500.");
}

/// <summary>
/// Rounds of faults; between two rounds everything heals and is checked. <c>kill:0m:1500 freeze:0r:900 | rollall:0m:0</c>
/// </summary>
internal sealed record FaultSchedule(IReadOnlyList<IReadOnlyList<Step>> Rounds)
{
    private static readonly Fault[] s_together =
    [
        Fault.Kill, Fault.Kill, Fault.Crash, Fault.Freeze, Fault.Freeze, Fault.Fill, Fault.Cut, Fault.Cut, Fault.Roll, Fault.Roll,
    ];
    private static readonly Fault[] s_alone = [Fault.Wipe, Fault.Damage, Fault.KillAll, Fault.RollAll];

    public static FaultSchedule Parse(string text) =>
        new([.. text.Split(
            '|').Select(r => (IReadOnlyList<Step>)[.. r.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Step.Parse)])]);

    /// <summary>
    /// An endless one: the same seed, the same rounds. Half of the steps hit where the one before did, and half of them at once.
    /// </summary>
    public static IEnumerable<IReadOnlyList<Step>> Random(int seed)
    {
        var random = new Random(seed);
        var shard = 0;
        while (true)
        {
            yield return random.Next(12) switch
            {
                0 => [Of(Fault.Scale), .. random.Next(2) == 0 ? [Of(Fault.Kill)] : (Step[])[]],
                1 or 2 => [Of(s_alone[random.Next(s_alone.Length)])],
                _ => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Of(s_together[random.Next(s_together.Length)]))],
            };
        }

        Step Of(Fault fault)
        {
            shard = random.Next(2) == 0 ? shard : random.Next(3);
            return new(fault, shard, random.Next(3) > 0, random.Next(2) == 0 ? random.Next(300) : random.Next(7000));
        }
    }

    /// <summary>It without one step, for each step, the last ones first.</summary>
    public IEnumerable<FaultSchedule> Smaller() =>
        from r in Enumerable.Range(0, Rounds.Count).Reverse()
        from s in Enumerable.Range(0, Rounds[r].Count).Reverse()
        let rounds = Rounds.Select((steps, i) => i == r ? [.. steps.Where((_, j) => j != s)] : steps)
            .Where(steps => steps.Count > 0).ToList()
        where rounds.Count > 0
        select new FaultSchedule(rounds);

    public override string ToString() => string.Join(" | ", Rounds.Select(r => string.Join(' ', r)));
}
