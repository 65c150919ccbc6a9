using System.Diagnostics;
using MonoRepo.Tests.RedisOnKubernetes.Pods;

namespace MonoRepo.Tests.RedisOnKubernetes.Faults;

/// <summary>Runs the faults of a round, each beginning while those before it last, and ends them.</summary>
internal sealed class FaultRound(RedisPods pods, Volumes volumes, Action<string> tell, CancellationToken cancellationToken)
{
    private static readonly TimeSpan s_scaling = TimeSpan.FromMinutes(5);
    private readonly HashSet<RedisPod> _silent = [];
    private readonly List<Action> _ends = [];

    public async Task RunAsync(IReadOnlyList<Step> steps)
    {
        var scaling = steps.Any(s => s.Fault == Fault.Scale) ? ScaleAsync() : Task.CompletedTask; // goes on meanwhile
        try
        {
            foreach (var step in steps.Where(s => s.Fault != Fault.Scale))
            {
                await BeginAsync(step);
                var begin = Stopwatch.GetTimestamp();
                await Eventually.HoldsAsync(
                    () =>
                    {
                        pods.RestartEnded(); // the kubelets' work
                        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds >= step.Hold;
                    },
                    pods.Describe);
            }
        }
        finally
        {
            _ends.Reverse();
            _ends.ForEach(end => end());
        }

        await scaling;
    }

    private async Task BeginAsync(Step step)
    {
        if (step.Fault == Fault.KillAll)
        {
            Parallel.ForEach(pods.All, pod => pod.Kill());
            pods.Start(pods.All.Select(p => p.Ordinal));
            return;
        }

        if (step.Fault == Fault.RollAll)
        {
            foreach (var one in pods.All.Reverse())
            {
                await RollAsync(one);
                await pods.ReadyAsync(cancellationToken);
            }

            return;
        }

        if (await FindAsync(step) is not { } pod)
        {
            tell($"  {step}: skipped, there is none now");
            return;
        }

        tell($"  {step}: {pod.Name}");
        switch (step.Fault)
        {
            case Fault.Kill:
                Hold(pod, pod.Kill, () => pods.Start(pod.Ordinal));
                break;
            case Fault.Crash:
                pod.RestartServer();
                break;
            case Fault.Freeze:
                Hold(pod, pod.Freeze, pod.Thaw);
                break;
            case Fault.Fill when volumes.Of(pod) is { } volume:
                volume.Fill();
                _ends.Add(volume.Free);
                break;
            case Fault.Cut when pods.Network is { } network:
                network.Cut(pod.Ordinal);
                _ends.Add(() => network.Reconnect(pod.Ordinal));
                break;
            case Fault.Roll:
                await RollAsync(pod);
                break;
            case Fault.Wipe:
                Hold(pod, pod.Kill, () =>
                {
                    // The folder may be a mount.
                    Directory.GetDirectories(pod.Data).ToList().ForEach(d => Directory.Delete(d, recursive: true));
                    Directory.GetFiles(pod.Data).ToList().ForEach(File.Delete);
                    pods.Start(pod.Ordinal);
                });
                break;
            case Fault.Damage:
                pod.RestartServer(() => RecoveryTests.FlipBytes(pod));
                break;
            default:
                tell("  skipped: needs root");
                break;
        }
    }

    private void Hold(RedisPod pod, Action begin, Action end)
    {
        begin();
        _silent.Add(pod);
        _ends.Add(end);
    }

    private async Task RollAsync(RedisPod pod)
    {
        await pod.StopAsync(cancellationToken);
        pods.Start(pod.Ordinal);
    }

    /// <summary>Who has the role now, as the members that answer see it; null where nobody has it.</summary>
    private async Task<RedisPod?> FindAsync(Step step)
    {
        foreach (var asked in pods.All.Where(p => p.IsRunning && !_silent.Contains(p)))
        {
            var nodes = (await asked.AskAsync(cancellationToken, "CLUSTER", "NODES")).Split('\n').Select(l => l.Trim().Split(' '))
                .Where(p => p.Length >= 8).ToList();
            var slot = step.Shard * 16384 / 3;
            var master =
                nodes.Find(n =>
                    n[8..].Any(r => r[0] != '[' && int.TryParse(r.Split('-')[0], out var first)
                    && int.TryParse(r.Split('-')[^1], out var last) && first <= slot && slot <= last));
            var wanted = master is null ? null : step.IsMaster ? master : nodes.Find(n => n[3] == master[0]);
            if (wanted is not null
                && pods.All.FirstOrDefault(p => wanted[1].StartsWith(
                    $"{p.Address}:", StringComparison.Ordinal)) is { IsRunning: true } pod && !_silent.Contains(pod))
            {
                return pod;
            }
        }

        return null;
    }

    private async Task ScaleAsync()
    {
        pods.Resize(4, 1);
        pods.Start(6, 7);
        await RearrangeAsync("4");
        pods.Resize(3, 1);
        await RearrangeAsync("3");
    }

    /// <summary>As often as somebody would apply it again.</summary>
    private async Task RearrangeAsync(string shards)
    {
        var told = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                pods.RestartEnded();
                bool done = await EveryAsync(pods.All, "lock") && await DoAsync(pods[0], "to", shards, "1");
                if (done && shards == "3" && pods.All.Count > 6)
                {
                    done = await EveryAsync(pods.All.Where(p => p.Ordinal > 5), "retire")
                        && await DoAsync(pods[0], "forget", "3", "1");
                    if (done)
                    {
                        pods.Remove(6);
                        pods.Remove(7);
                    }
                }

                return done && await EveryAsync(pods.All, "unlock");
            },
            () => $"not scaled to {shards}: {told}\n{pods.Describe()}",
            timeout: s_scaling);

        async Task<bool> EveryAsync(IEnumerable<RedisPod> some, string command) =>
            (await Task.WhenAll(some.Select(p => DoAsync(p, command)))).All(done => done);

        async Task<bool> DoAsync(RedisPod pod, params string[] command)
        {
            if (!pod.IsRunning)
            {
                return false;
            }

            var (exitCode, said) = await pod.RunAsync(cancellationToken, ["scale.sh", .. command]);
            if (exitCode != 0)
            {
                tell($"  {pod.Name}: {told = said.Split('\n')[^1]}");
            }

            return exitCode == 0;
        }
    }
}
