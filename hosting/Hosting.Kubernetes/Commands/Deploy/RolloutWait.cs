using System.CommandLine;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The end of commands that change what runs: shows how far it is until it works, or says what to look at.</summary>
internal sealed class RolloutWait
{
    private readonly DurationOption _timeout;

    /// <summary>Adds <c>--timeout</c> to a command.</summary>
    public RolloutWait(Command command, string timeout = "5m")
    {
        _timeout = new("--timeout", "Time to wait until everything works: seconds, or 30s, 5m, 2h.", timeout);
        command.Options.Add(_timeout);
    }

    /// <summary>How long to wait.</summary>
    public TimeSpan Timeout(CommandContext context) => _timeout.Read(context.Arguments)!.Value;

    /// <summary>Waits until the objects work; what was seen of them just now isn't read again.</summary>
    public async Task<RolloutResult> WaitAsync(
        CommandContext context, IClusterClient cluster, IReadOnlyList<YamlMap> objects, TextWriter console,
        CancellationToken cancellationToken,
        IReadOnlyList<YamlMap>? seen = null)
    {
        await using var view = StepRolloutView.For(context, console);
        var result = await new RolloutWaiter(cluster, view, TimeProvider.System)
            .WaitAsync(objects, new() { Timeout = Timeout(context), Seen = seen }, cancellationToken);
        foreach (var line in RolloutLines.End(result))
        {
            await console.WriteLineAsync(line);
        }

        return result;
    }
}
