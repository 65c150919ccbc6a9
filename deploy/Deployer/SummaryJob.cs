using MonoRepo.Deploy;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.GitOps;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Processes;
using MonoRepo.Deploy.Summary;

namespace MonoRepo.Deployer;

/// <summary>
/// Writes the summary of the last days as the command of the same name does, and hands it to the notifier. The CronJob
/// <c>summary</c> of <c>k8s/overlays/E/deployer.yaml</c> runs it.
/// </summary>
internal sealed class SummaryJob(IClusterClient cluster, GitRepository git, DeployerSettings settings, Action<string> say)
{
    private const int Done = 0;

    /// <summary>Does it.</summary>
    /// <param name="now">The time. A summary ends at a full hour, so that a job that is run again posts the same one.</param>
    /// <exception cref="DeployException">It could not be made or posted.</exception>
    public async Task<int> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (settings.Reports is not { } address || settings.Token is not { } token)
        {
            throw new DeployException(
                "DEPLOYER_REPORTS or DEPLOYER_TOKEN is not set. k8s/overlays/E/deployer.yaml has all of them.");
        }

        var until = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var from = until - settings.SummaryDays;
        var (folder, head) = await git.FetchHistoryAsync(cancellationToken);
        var commits = await SummaryCommits.ReadAsync(new ProcessRunner(), folder, from, until, cancellationToken, head);
        var history = await new ActivityLog(cluster, settings.Application, settings.Environment).ReadAsync(cancellationToken);
        var data = await MeasureAsync(
            new(from, until, commits)
            {
                Environment = settings.Environment,
                History = [.. history.Where(e => e.At >= from && e.At < until)],
            },
            cancellationToken);

        using var http = new HttpClient();
        await SummaryPost.SendAsync(http, address, token, data, cancellationToken);
        say($"{SummaryReport.Title(data)} was posted: {string.Join("; ", SummaryReport.Figures(data))}");
        return Done;
    }

    // Without Prometheus a summary is short, and says why.
    private async Task<SummaryData> MeasureAsync(SummaryData data, CancellationToken cancellationToken)
    {
        if (settings.Prometheus is not { } address)
        {
            return data with { MetricsProblem = "The environment has no Prometheus." };
        }

        try
        {
            await using var prometheus = ServiceConnection.Open(address);
            return data with
            {
                Metrics = await SummaryMetrics.ReadAsync(prometheus.Client, data.From, data.Until, cancellationToken),
            };
        }
        catch (DeployException exception)
        {
            say(exception.Message);
            return data with { MetricsProblem = exception.Message.Split('\n')[0] };
        }
    }
}
