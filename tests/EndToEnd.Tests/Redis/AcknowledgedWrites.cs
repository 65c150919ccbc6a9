using System.Globalization;

namespace MonoRepo.Tests;

/// <summary>
/// Two writers in a pod that may call the cluster. Each writes one new key after the other through Service <c>redis</c>, a
/// connection each time as a client that lost all of them, and notes when it was acknowledged; one that is not within two seconds
/// is tried again.
/// </summary>
internal sealed class AcknowledgedWrites(RedisDeployment redis, string run)
{
    private const int Writers = 2;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var writer = 0; writer < Writers; writer++)
        {
            var log = $"/tmp/{run}.{writer}";
            await redis.InWriterAsync(
                $"(setsid sh -c 'i=0; : > {log}; until [ -e /tmp/{run}.stop ]; do [ \"$(timeout 2 redis-cli -c -h redis SET " +
                $"{run}:{writer}:$i $i 2>/dev/null </dev/null)\" = OK ] && {{ echo \"$(date +%s%3N)\" >> {log}; " +
                        $"i=$((i+1)); }}; sleep 0.02; done; : > {log}.end' >/dev/null 2>&1 &)",
                cancellationToken);
        }

        await ProgressAsync(50, cancellationToken);
    }

    /// <summary>Until so many more writes are acknowledged.</summary>
    public async Task ProgressAsync(int writes, CancellationToken cancellationToken)
    {
        var goal = await CountAsync(cancellationToken) + writes;
        await RedisDeployment.UntilAsync(
            async () => await CountAsync(cancellationToken) >= goal, $"{goal} writes are acknowledged");
    }

    /// <summary>
    /// Ends, and asserts that every acknowledged key is there; returns how many there were and the longest time without any, a
    /// writer.
    /// </summary>
    public async Task<(int Acknowledged, TimeSpan Gap)> StopAsync(CancellationToken cancellationToken)
    {
        await redis.InWriterAsync(
            $": > /tmp/{run}.stop; until [ -e /tmp/{run}.0.end ] && [ -e /tmp/{run}.1.end ]; do sleep 0.1; done",
            cancellationToken);
        var (acknowledged, gap) = (0, 0L);
        for (var writer = 0; writer < Writers; writer++)
        {
            var log = $"/tmp/{run}.{writer}";
            var told = await redis.InWriterAsync(
                $"n=$(wc -l < {log}); i=0; while [ $i -lt $n ]; do echo \"GET {run}:{writer}:$i\"; i=$((i+1)); done | " +
                $"redis-cli -c -h redis | grep -v '^->' | awk '$1 != NR - 1 {{ lost++ }} END {{ print NR, lost + 0 }}'; " +
                        $"awk 'NR > 1 && $1 - last > gap {{ gap = $1 - last }} {{ last = $1 }} END {{ print gap + 0 }}' {log}",
                cancellationToken);
            var numbers = told.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            Assert.True(numbers[1] == 0, $"{numbers[1]} of {numbers[0]} acknowledged writes are lost.");
            acknowledged += (int)numbers[0];
            gap = Math.Max(gap, numbers[2]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{run}: {acknowledged} acknowledged writes, longest gap {gap} ms.");
        return (acknowledged, TimeSpan.FromMilliseconds(gap));
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken) =>
        int.Parse(await redis.InWriterAsync($"cat /tmp/{run}.[0-9] | wc -l", cancellationToken), CultureInfo.InvariantCulture);
}
