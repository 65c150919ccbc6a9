using System.Globalization;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Processes;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Activity;

/// <summary>
/// Writes what was done to an environment: an entry of its <see cref="ActivityLog"/>, and an event of its inventory. What can't
/// be written is one line and fails nothing: the work is done.
/// </summary>
/// <param name="folder">Folder of the files that are deployed, of which the commit is read.</param>
internal sealed class ActivityRecorder(
    IClusterClient cluster, string application, string environment, string? folder, Action<string> warn)
{
    private const int NoteLength = 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string> s_reasons = new()
    {
        ["apply"] = "Applied",
        ["delete"] = "Deleted",
        ["restart"] = "Restarted",
        ["restore"] = "Restored",
        ["rollback"] = "RolledBack",
        ["canary start"] = "CanaryStarted",
        ["canary judge"] = "CanaryJudged",
        ["canary promote"] = "CanaryPromoted",
        ["canary abort"] = "CanaryAborted",
        ["silence add"] = "SilenceAdded",
        ["silence expire"] = "SilenceExpired",
    };

    /// <summary>Records an entry. The caller's cancellation doesn't apply, because the change has already happened.</summary>
    public async Task RecordAsync(ActivityEntry entry)
    {
        using var timeout = new CancellationTokenSource(s_timeout);
        var (user, commit) = (UserAsync(timeout.Token), CommitAsync(timeout.Token));
        entry = entry with { User = await user, Commit = await commit };
        var problems = await Task.WhenAll(
            TryAsync(new ActivityLog(cluster, application, environment).AddAsync(entry, timeout.Token)),
            TryAsync(SendEventAsync(entry, timeout.Token)));
        if (problems.OfType<string>().Distinct().ToList() is { Count: > 0 } distinct)
        {
            warn($"warning: '{entry.Command}' is missing in the history of '{environment}', or in its events: " +
                $"{string.Join(' ', distinct)}");
        }
    }

    private static async Task<string?> TryAsync(Task work)
    {
        try
        {
            await work;
            return null;
        }
        catch (ClusterException exception)
        {
            return exception.Message.Split('\n')[0];
        }
        catch (OperationCanceledException)
        {
            return "The API server did not answer in time.";
        }
    }

    // Everybody may ask who they are.
    private async Task<string?> UserAsync(CancellationToken cancellationToken)
    {
        var review = new YamlMap().Add(
            "apiVersion", "authentication.k8s.io/v1").Add("kind", "SelfSubjectReview").Add("metadata", new YamlMap());
        try
        {
            return (await cluster.CreateAsync(review, cancellationToken)).TextAt("status", "userInfo", "username");
        }
        catch (Exception exception) when (exception is ClusterException or OperationCanceledException)
        {
            return null;
        }
    }

    // Forty digits, and -dirty: no tag matches.
    private async Task<string?> CommitAsync(CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return null;
        }

        try
        {
            var run = new ProcessRun("git", ["describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"], folder);
            return await new ProcessRunner().RunAsync(
                run, cancellationToken) is { ExitCode: 0, Output: [var commit, ..] } ? commit.Trim() : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task SendEventAsync(ActivityEntry entry, CancellationToken cancellationToken)
    {
        var key = new InventoryStore(cluster, application, environment).Key;
        var inventory = (await cluster.GetAsync(ObjectQuery.Of(key), cancellationToken)).FirstOrDefault();
        var regarding = new YamlMap().Add(
            "apiVersion", "v1").Add("kind", key.Kind).Add("namespace", cluster.Target.Namespace).Add("name", key.Name);
        if (inventory?.TextAt("metadata", "uid") is { } uid)
        {
            // kubectl describe finds events by it.
            regarding.Add("uid", uid);
        }

        var (now, note) = (DateTimeOffset.UtcNow, entry.ToString());
        var metadata = new YamlMap().Add("name", $"{key.Name}.{now.UtcTicks:x}").Add("namespace", cluster.Target.Namespace);
        await cluster.CreateAsync(
            new YamlMap().Add("apiVersion", "events.k8s.io/v1").Add("kind", "Event").Add("metadata", metadata)
                .Add("eventTime", now.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture))
                .Add("type", entry.IsGood ? "Normal" : "Warning").Add("reason", Reason(entry)).Add("action", Action(entry))
                .Add("regarding", regarding).Add("note", note[..Math.Min(NoteLength, note.Length)])
                .Add("reportingController", KubernetesLabels.Manager).Add("reportingInstance", System.Environment.MachineName),
            cancellationToken);
    }

    private static string Reason(ActivityEntry entry) =>
        entry.Result == ActivityEntry.Failed
        ? $"{Action(entry)}Failed"
        : s_reasons.GetValueOrDefault(entry.Command) ?? Action(entry);

    // canary judge: CanaryJudge
    private static string Action(ActivityEntry entry) =>
        string.Concat(entry.Command.Split(' ').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
