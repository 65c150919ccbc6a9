using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Processes;
using MonoRepo.Deploy.Summary;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Writes what happened in a week as Markdown.</summary>
internal sealed class SummaryCommand : DeploymentCommand
{
    private readonly Option<string?> _environment = new("--env", EnvironmentCommand.AspireName, "-e")
    {
        Description = "Environment whose history and Prometheus are read; none by default.",
        HelpName = "name",
    };

    private readonly DurationOption _since = new("--since", "Length of the time to report on.", "7d");

    private readonly Option<DateTimeOffset?> _until = new("--until")
    {
        Description = "End of that time, such as 2026-11-27 or 2026-11-27T12:00Z; now by default.",
        HelpName = "time",
        CustomParser = ParseTime,
    };
    private readonly Option<string?> _prometheus =
        new("--prometheus") { Description = "Address of Prometheus; the environment's own by default.", HelpName = "url" };

    public SummaryCommand()
        : base("summary", "Print what was merged, deployed and measured in a week, as Markdown.")
    {
        Add(_environment);
        Add(_since);
        Add(_until);
        Add(_prometheus);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var until = context.Arguments.GetValue(_until) ?? DateTimeOffset.UtcNow;
        var from = until - _since.Read(context.Arguments)!.Value;
        var address = context.Arguments.GetValue(_prometheus);
        if (address is not null && !ServiceConnection.IsAddress(address))
        {
            throw new BadUsageException(
                $"'{address}' isn't an address of Prometheus. Use a value such as http://127.0.0.1:9090.");
        }

        var commits = await SummaryCommits.ReadAsync(
            new ProcessRunner(), Path.GetDirectoryName(PublishedGraph.Root(context))!, from, until, cancellationToken);
        var data = new SummaryData(from, until, commits);
        if (context.Arguments.GetValue(_environment) is { } name)
        {
            var model = PublishedGraph.Model(context);
            var environment = new EnvironmentContext(context, EnvironmentTarget.Find(context, model, name), model);
            using var cluster = environment.Connect();
            var history = await environment.Log(cluster).ReadAsync(cancellationToken);
            data = data with
            {
                Environment = environment.Target.Environment,
                History = [.. history.Where(e => e.At >= from && e.At < until)],
            };
            if (address is null)
            {
                await using var forwarded = await TryOpenAsync(context, cluster, cancellationToken);
                if (forwarded is not null)
                {
                    data = data with
                    {
                        Metrics = await SummaryMetrics.ReadAsync(forwarded.Client, from, until, cancellationToken),
                    };
                }
            }
        }

        if (address is not null)
        {
            await using var prometheus = ServiceConnection.Open(address);
            data = data with { Metrics = await SummaryMetrics.ReadAsync(prometheus.Client, from, until, cancellationToken) };
        }

        await context.Output.WriteAsync(SummaryReport.Write(data));
        return ExitCodes.Done;
    }

    // An environment without monitoring has a history all the same.
    private static async Task<ServiceConnection?> TryOpenAsync(
        CommandContext context, IClusterClient cluster, CancellationToken cancellationToken)
    {
        try
        {
            return await ServiceConnection.OpenAsync(
                cluster, ServiceConnection.Prometheus, context.Error.WriteLine, TimeProvider.System, cancellationToken);
        }
        catch (DeployException exception) when (exception is not ClusterException)
        {
            await context.Error.WriteLineAsync(exception.Message);
            return null;
        }
    }

    private static DateTimeOffset? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        result.AddError($"'{text}' isn't a date or time. Use a value such as 2026-11-27 or 2026-11-27T12:00Z.");
        return null;
    }
}
