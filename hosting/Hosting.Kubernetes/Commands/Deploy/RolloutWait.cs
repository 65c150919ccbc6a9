using System.CommandLine;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>The end of verbs that change what runs: shows how far it is until it works, or says what to look at.</summary>
internal sealed class RolloutWait
{
    private readonly Option<int> _timeout;

    /// <summary>Adds <c>--timeout</c> to a verb.</summary>
    public RolloutWait(Command command, int seconds = 300)
    {
        _timeout = new("--timeout") { Description = "Seconds to wait until everything works.", HelpName = "seconds", DefaultValueFactory = _ => seconds };
        _timeout.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && r.GetValueOrDefault<int>() < 0)
            {
                r.AddError("--timeout is a number of seconds, 0 or more.");
            }
        });
        command.Options.Add(_timeout);
    }

    /// <summary>How long to wait.</summary>
    public TimeSpan Timeout(CommandContext context) => TimeSpan.FromSeconds(context.Arguments.GetValue(_timeout));

    /// <summary>Waits until the objects work.</summary>
    public async Task<RolloutResult> WaitAsync(CommandContext context, IClusterClient cluster, IReadOnlyList<YamlMap> objects, TextWriter people, CancellationToken cancellationToken)
    {
        var result = await new RolloutWaiter(cluster, RolloutViews.For(people), TimeProvider.System)
            .WaitAsync(objects, new() { Timeout = Timeout(context) }, cancellationToken).ConfigureAwait(false);
        foreach (var line in RolloutLines.End(result))
        {
            await people.WriteLineAsync(line).ConfigureAwait(false);
        }

        return result;
    }
}
