using System.CommandLine;
using System.Globalization;
using Aspire.Hosting;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.ConsoleOutput;
using MonoRepo.Deploy.Logs;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Follows what all replicas of resources write.</summary>
internal sealed class LogsCommand : EnvironmentCommand
{
    private const int DefaultTail = 20;

    // Readable on dark and on light; red is for what is wrong.
    private static readonly int[] s_colors = [36, 32, 33, 35, 34];

    private readonly Option<int> _tail = new("--tail")
    {
        Description = "Earlier lines of each container to show; -1: all.",
        HelpName = "lines",
        DefaultValueFactory = _ => DefaultTail,
        CustomParser = OptionValues.Number("--tail takes a number of lines, 0 or more; -1 is all.", min: -1),
    };
    private readonly DurationOption _since = new(
        "--since", "Only lines of the last 30s, 5m, 2h; all of them unless --tail is given.");
    private readonly Option<bool> _noFollow =
        new("--no-follow") { Description = "Print the lines that there are in order of time, and exit." };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Follow until Ctrl+C, which is the default." };

    public LogsCommand()
        : base("logs", "Follow the logs of all replicas of resources, including replicas that start later.", hasResources: true)
    {
        Add(_tail);
        Add(_since);
        Add(_noFollow);
        Add(_follow);
        Validators.Add(result =>
        {
            if (result.GetValue(_follow) && result.GetValue(_noFollow))
            {
                result.AddError("--follow and --no-follow exclude each other.");
            }
        });
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var target = environment.Target;
        var selector = Selector(environment.Render(ReadSelection(context)).Objects.Select(o => new LiveObject(o)));
        using var cluster = environment.Connect();
        using var interruption = new Interruption(cancellationToken);
        try
        {
            var sources = await new LogReader(cluster).SourcesAsync(selector, interruption.Token);
            if (context.Arguments.GetValue(_noFollow))
            {
                if (sources.Count == 0)
                {
                    throw new DistributedApplicationException(
                        $"No container has run yet in namespace '{target.Cluster.Namespace}' of context " +
                        $"'{target.Cluster.Context}'. `status {target.Options}` says why.");
                }

                return await WriteAsync(context, new LogReader(cluster).ReadAsync(
                    sources, Selection(context), interruption.Token));
            }

            if (sources.Count == 0)
            {
                await context.Error.WriteLineAsync(
                    $"No container runs yet in namespace '{target.Cluster.Namespace}'; waiting for one.");
            }

            return await WriteAsync(context, new LogFollower(cluster, TimeProvider.System).FollowAsync(
                selector, Selection(context), interruption.Token));
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
    }

    private static string Selector(IEnumerable<LiveObject> objects)
    {
        var names = objects.Where(o => o.Kind is "Deployment" or "StatefulSet" or "Job" or "CronJob").Select(o => o.PodName)
            .OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return names.Count > 0
            ? $"{KubernetesLabels.Name} in ({string.Join(',', names)})"
            : throw new DistributedApplicationException("None of these resources runs anything that writes a log.");
    }

    private static async Task<int> WriteAsync(CommandContext context, IAsyncEnumerable<LogLine> lines)
    {
        var isColored = Terminal.Is(context.Output) && Terminal.IsColored;
        var colors = new Dictionary<string, int>();
        await foreach (var line in lines)
        {
            var prefix = line.Source.Prefix;
            if (isColored)
            {
                var color = colors.TryGetValue(prefix, out var known)
                    ? known
                    : colors[prefix] = s_colors[colors.Count % s_colors.Length];
                prefix = string.Create(CultureInfo.InvariantCulture, $"\e[{color}m{prefix}\e[0m");
            }

            await context.Output.WriteLineAsync($"{prefix} | {line.Text}");
        }

        return ExitCodes.Done;
    }

    private LogSelection Selection(CommandContext context)
    {
        var since = _since.Read(context.Arguments);
        var tail = context.Arguments.GetValue(_tail);
        var isTailGiven = context.Arguments.GetResult(_tail) is { Implicit: false };
        return new(tail < 0 || (since is not null && !isTailGiven) ? null : tail, since);
    }
}
