using System.Diagnostics;
using System.Globalization;
using MonoRepo.Tests.RedisOnKubernetes.Faults;
using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes;

/// <summary>
/// Faults in random order under a checked load, on three masters and three replicas with fsync on every write. What is promised,
/// and checked after each round: no write that was acknowledged and that a replica had confirmed (<c>WAIT 1</c>) is lost; all is
/// ready within 90 s after the last fault; every slot then has one master, in all views the same, and no two masters have the
/// same epoch. <c>REDIS_FAULT_MINUTES</c>, <c>REDIS_FAULT_SEED</c> and, to replay a schedule, <c>REDIS_FAULT_SCHEDULE</c>;
/// <c>REDIS_FAULT_PROMISE=acknowledged</c> holds it to more than Redis promises, and so shows that losses are found.
/// </summary>
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TimeSpan Time => TimeSpan.FromMinutes(double.Parse(Setting("MINUTES") ?? "3", CultureInfo.InvariantCulture));

    [Fact(Explicit = true)]
    public async Task NothingThatWasPromisedIsLost()
    {
        var seed = int.Parse(Setting("SEED") ?? $"{Random.Shared.Next(1_000_000)}", CultureInfo.InvariantCulture);
        var rounds = Setting("SCHEDULE") is { } text ? FaultSchedule.Parse(text).Rounds : FaultSchedule.Random(seed);
        Tell($"seed {seed}, for {Time.TotalMinutes} " +
            $"minutes{(PodNetwork.IsPossible ? "" : "; no root: no cut, no full volumes")}");
        List<IReadOnlyList<Step>> done = [];
        var begin = Stopwatch.GetTimestamp();
        if (await RunAsync(rounds.TakeWhile(_ => Stopwatch.GetElapsedTime(begin) < Time), done) is not { } failure)
        {
            return;
        }

        var smallest = Setting("SCHEDULE") is null ? await ShrinkAsync(new(done)) : new(done);
        Assert.Fail($"seed {seed}: {failure}\nREDIS_FAULT_SCHEDULE='{smallest}'");
    }

    [Fact]
    public void ASeedAlwaysMakesTheSameScheduleWhichCanBeWrittenAndRead()
    {
        var schedule = new FaultSchedule([.. FaultSchedule.Random(7).Take(50)]);
        Assert.Equal($"{schedule}", $"{new FaultSchedule([.. FaultSchedule.Random(7).Take(50)])}");
        Assert.Equal($"{schedule}", $"{FaultSchedule.Parse($"{schedule}")}");
        Assert.Equal([
            "kill:0m:1 | cut:1r:2",
            "kill:0m:1 | roll:2m:3",
            "cut:1r:2 roll:2m:3",
        ], FaultSchedule.Parse("kill:0m:1 | cut:1r:2 roll:2m:3").Smaller().Select(s => $"{s}"));
    }

    /// <summary>
    /// The last round alone if that fails too, then steps dropped one at a time, for as long again as the test ran.
    /// </summary>
    private async Task<FaultSchedule> ShrinkAsync(FaultSchedule failing)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var found = true; found;)
        {
            found = false;
            foreach (var candidate in failing.Rounds.Count > 1
                ? failing.Smaller().Prepend(new([failing.Rounds[^1]]))
                : failing.Smaller())
            {
                if (Stopwatch.GetElapsedTime(begin) > Time)
                {
                    return failing;
                }

                Tell($"shrinking: {candidate}");
                if (await RunAsync(candidate.Rounds, []) is not null)
                {
                    (failing, found) = (candidate, true);
                    break;
                }
            }
        }

        return failing;
    }

    /// <summary>What was not kept, or null.</summary>
    private async Task<string?> RunAsync(IEnumerable<IReadOnlyList<Step>> rounds, List<IReadOnlyList<Step>> done)
    {
        using var network = PodNetwork.IsPossible ? new PodNetwork() : null;
        using var pods = new RedisPods { Network = network, KeeperInterval = 1 };
        using var volumes = new Volumes(pods, network is not null);
        await pods.Start(0, 1, 2, 3, 4, 5).ReadyAsync(Cancellation);
        await using var load = new CheckedLoad(pods, Cancellation);
        try
        {
            foreach (var round in rounds)
            {
                done.Add(round);
                Tell($"round {done.Count}: {string.Join(' ', round)}");
                await new FaultRound(pods, volumes, Tell, Cancellation).RunAsync(round);
                await HealedAsync(pods, load, all: false);
            }

            await HealedAsync(pods, load, all: true);
            return null;
        }
        catch (Exception e) when (e is Xunit.Sdk.IAssertionException)
        {
            Tell($"failed: {e.Message}");
            return e.Message;
        }
        finally
        {
            Tell($"{done.Count} rounds, {load.Acknowledged} writes acknowledged, {load.Safe} of them safe; {load.LostUnsafe} " +
                $"others lost; longest gap {load.Gap.TotalSeconds:0.0} s");
        }
    }

    private static async Task HealedAsync(RedisPods pods, CheckedLoad load, bool all)
    {
        await FormationTests.ShapeAsync(pods, masters: 3, replicas: 3, Cancellation);
        string? problem = null;
        await Eventually.HoldsAsync(
            async () => (problem = await OwnershipAsync(pods)) is null, () => $"{problem}\n{pods.Describe()}");
        var lost = await load.LostAsync(all, Cancellation);
        Assert.True(
            lost.Count == 0, $"{lost.Count} promised writes are lost: {string.Join(", ", lost.Take(10))}\n{pods.Describe()}");
    }

    /// <summary>What is wrong with who owns which slots, as each master says of itself and as all see each other.</summary>
    private static async Task<string?> OwnershipAsync(RedisPods pods)
    {
        var views = await Task.WhenAll(pods.All.Select(p => p.AskAsync(Cancellation, "CLUSTER", "NODES")));
        // id ip:port@bus,hostname flags master ping pong epoch link slot slot-slot …
        static string Owned(
            IEnumerable<string> lines) => string.Join('\n', lines.Select(l => l.Trim().Split(' ')).Where(p => p.Length > 8)
            .Select(p => $"{p[0]} {p[6]} {string.Join(' ', p[8..])}").Order(StringComparer.Ordinal));
        var own = Owned(views.SelectMany(v => v.Split('\n')).Where(l => l.Contains("myself", StringComparison.Ordinal)));
        var epochs = own.Split('\n').Select(l => l.Split(' ')[1]).ToList();
        var slots = own.Split('\n').SelectMany(l => l.Split(' ')[2..]).Select(r => r.Split('-'))
            .SelectMany(
                r => Enumerable.Range(int.Parse(r[0], CultureInfo.InvariantCulture),
                    int.Parse(r[^1], CultureInfo.InvariantCulture) - int.Parse(r[0], CultureInfo.InvariantCulture) + 1)).ToList();
        return epochs.Distinct().Count() != epochs.Count ? $"Two masters have one epoch:\n{own}"
            : slots.Count != 16384 || slots.Distinct().Count() != 16384 ? $"Slots have no owner, or two:\n{own}"
            : views.FirstOrDefault(v => Owned(v.Split('\n')) != own) is { } other
            ? $"Views differ:\n{own}\nand\n{Owned(other.Split('\n'))}"
            : null;
    }

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable($"REDIS_FAULT_{name}") is { Length: > 0 } value ? value : null;

    private void Tell(string line) => output.WriteLine($"{DateTime.Now:HH:mm:ss.fff} {line}");
}
