using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Logs;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Restore;

/// <summary>
/// Runs a command in a Job like the one that a CronJob starts, once and without another try: a second one would meet what the
/// first left, and the reason would go with the first pod.
/// </summary>
internal sealed class Restorer(IClusterClient cluster, TimeProvider time)
{
    private const string Label = "monorepo/restore";

    /// <summary>Runs a command to its end and tells what it writes.</summary>
    /// <param name="cronJob">The CronJob whose pods it is like.</param>
    /// <param name="resource">The resource, after which the Job is named, and whose members' memory it may use.</param>
    /// <param name="cancellationToken">Ends the waiting; the Job goes on.</param>
    /// <returns>The Job, and whether it succeeded. The pod stays in both cases.</returns>
    /// <exception cref="DeployException">The CronJob isn't in the cluster.</exception>
    public async Task<(ObjectKey Job, bool Succeeded)> RunAsync(
        string cronJob, string resource, IReadOnlyList<string> command, Action<string> report,
        CancellationToken cancellationToken)
    {
        ObjectKey task = new("batch", "CronJob", cronJob), set = new("apps", "StatefulSet", resource);
        var live = (await cluster.GetAsync(ObjectQuery.Of(task, set), cancellationToken)).ToDictionary(ObjectKey.Of);
        if (!live.TryGetValue(task, out var saving))
        {
            throw new DeployException($"{task} is not in namespace '{cluster.Target.Namespace}': apply first.");
        }

        var job = Job(saving, live.GetValueOrDefault(set), resource, command);
        await cluster.CreateAsync(job, cancellationToken);
        var key = ObjectKey.Of(job);
        return (key, await FollowAsync(key, report, cancellationToken));
    }

    /// <summary>Removes a Job with its pod.</summary>
    public Task DeleteAsync(ObjectKey job, CancellationToken cancellationToken) =>
        cluster.DeleteAsync([job], new(), cancellationToken);

    private async Task<bool> FollowAsync(ObjectKey key, Action<string> report, CancellationToken cancellationToken)
    {
        var query = ObjectQuery.OfKinds(ResourceKind.Pod, new("batch", "Job")) with { Selector = $"{Label}={key.Name}" };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string? pod = null, waitsFor = null;
        var told = 0;
        var following = Task.CompletedTask;
        try
        {
            await foreach (var change in cluster.WatchAsync(query, cancellationToken))
            {
                var one = new LiveObject(change.Object);
                if (one.Kind == "Pod" && pod is null && change.Type != ObjectChangeType.Deleted)
                {
                    if (LogSource.Of(one).Count > 0)
                    {
                        pod = one.Name;
                        following = ReadAsync(follow: true, ended.Token);
                    }
                    else if (PodReading.Read(one, ClusterSnapshot.Of(
                        [change.Object], time.GetUtcNow())).Reason is { Length: > 0 } reason && reason != waitsFor)
                    {
                        report($"waiting for {one.Name}: {waitsFor = reason}");
                    }
                }

                if (one.Kind == "Job" && one.Name == key.Name
                    && JobReading.Read(one).State is RolloutState.Ready or RolloutState.Failed)
                {
                    return JobReading.Read(one).State == RolloutState.Ready;
                }
            }

            return false;
        }
        finally
        {
            await ended.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (pod is not null && !cancellationToken.IsCancellationRequested)
            {
                // A log whose connection broke, or that was not read to its end.
                await ReadAsync(follow: false, cancellationToken);
            }
        }

        async Task ReadAsync(bool follow, CancellationToken token)
        {
            var read = 0;
            await foreach (var line in cluster.LogsAsync(new(pod!) { Follow = follow }, token))
            {
                if (++read > told)
                {
                    told = read;
                    report(line);
                }
            }
        }
    }

    private YamlMap Job(YamlMap cronJob, YamlMap? set, string resource, IReadOnlyList<string> command)
    {
        var name = $"{resource}-restore-{time.GetUtcNow():yyyyMMddHHmmssf}";
        var spec = (YamlMap)cronJob.Map("spec")!.Map("jobTemplate")!.Map("spec")!.Clone();
        spec["backoffLimit"] = YamlScalar.Of(0);
        spec["ttlSecondsAfterFinished"] = null;
        var template = spec.Map("template")!;
        template["metadata"] ??= new YamlMap();
        template.Map("metadata")!["labels"] ??= new YamlMap();
        template.Map("metadata")!.Map("labels")![Label] = new YamlScalar(name);
        var pod = template.Map("spec")!;
        pod["restartPolicy"] = new YamlScalar("Never");
        var container = (YamlMap)pod.List("containers")![0];
        container["command"] = new YamlList(command.Select(c => new YamlScalar(c)));
        container["args"] = null;
        if (set?.ItemsAt("spec", "template", "spec", "containers").FirstOrDefault()?.TextAt("resources", "limits", "memory")
            is { } memory)
        {
            // It reads the data of a member into memory.
            container["resources"] ??= new YamlMap();
            container.Map("resources")!["limits"] ??= new YamlMap();
            container.Map("resources")!.Map("limits")!["memory"] = new YamlScalar(memory);
        }

        return new YamlMap().Add("apiVersion", "batch/v1").Add("kind", "Job")
            .Add("metadata", new YamlMap().Add("name", name).Add(
                "namespace", cluster.Target.Namespace).Add("labels", new YamlMap().Add(Label, new YamlScalar(name))))
            .Add("spec", spec);
    }
}

/// <summary>
/// How what a CronJob saves is put back, as <see cref="KubernetesLabels.Restore"/> says it: command lines for a pod like the
/// CronJob's, in which <c>{backup}</c> stands for the name of a backup.
/// </summary>
/// <param name="Plan">Says what would be replaced by what; its first line begins with the backup's name and a colon.</param>
/// <param name="Replace">Pauses writers, saves what there is, and puts the backup in its place.</param>
/// <param name="Merge">Pauses writers, and overwrites only what the backup has, too.</param>
/// <param name="Resume">Lets writers go on, after a run that was killed.</param>
internal sealed record RestoreCommands(
    IReadOnlyList<string> Plan, IReadOnlyList<string> Replace, IReadOnlyList<string> Merge, IReadOnlyList<string> Resume)
{
    /// <summary>The CronJob that saves a resource, and its commands.</summary>
    /// <exception cref="DeployException">Nothing saves it.</exception>
    public static (string CronJob, RestoreCommands Commands) Find(
        IReadOnlyList<YamlMap> objects, string resource, string environment)
    {
        var saving = objects.Where(
            o => o.Text("kind") == "CronJob" && o.TextAt("metadata", "annotations", KubernetesLabels.Restore) is not null)
            .ToLookup(o => ResourceSelection.Owner(o)!);
        if (saving[resource].FirstOrDefault() is { } one)
        {
            return (one.TextAt("metadata", "name")!, JsonAnnotation.Read<RestoreCommands>(one, KubernetesLabels.Restore)!);
        }

        var others = saving.Count == 0
            ? "No resource is"
            : $"Saved are: {string.Join(", ", saving.Select(s => s.Key).Order(StringComparer.Ordinal))}";
        throw new DeployException(
            $"'{resource}' is not saved in '{environment}': no backup to restore. {others}. Its builder in the graph says " +
            "whether it can be saved, as `WithBackup()` does.");
    }
}
