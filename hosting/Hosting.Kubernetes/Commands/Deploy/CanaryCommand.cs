using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Runs a candidate beside a resource, judges it by its metrics, and takes it over or away.</summary>
internal sealed partial class CanaryCommand : EnvironmentCommand
{
    private readonly Command _start = new(
        "start", "Run a candidate beside the resource, behind the same Services, and wait until it works.");
    private readonly Command _judge = new(
        "judge", "Compare the candidate's metrics with the resource's: exit code 0 pass, 1 fail, 3 inconclusive.");
    private readonly Command _promote = new(
        "promote", "Give the resource the candidate's image, wait until it works, and remove the candidate.");
    private readonly Command _abort = new("abort", "Remove the candidate.");
    private readonly OutputOption _output = new();
    private readonly RolloutWait _wait = new();
    private readonly Argument<string> _resource = new("resource") { Description = "Resource that has a Deployment." };
    private readonly Option<string?> _image = new("--image")
    {
        Description = "The candidate: a digest of the resource's image, or a whole reference with one.",
        HelpName = "digest",
    };
    private readonly Option<string?> _tag =
        new("--tag") { Description = "The candidate: a tag of the resource's image; its digest is looked up.", HelpName = "tag" };
    private readonly Option<int> _weight = new("--weight")
    {
        Description = "Percentage of the pods that run the candidate.",
        HelpName = "percent",
        DefaultValueFactory = _ => 10,
        CustomParser = OptionValues.Number("--weight takes a percentage, from 1 to 99.", min: 1, max: 99),
    };
    private readonly DurationOption _for = new("--for", "How long to compare.", "10m");
    private readonly DurationOption _every = new(
        "--every", "Time between two comparisons; at least twice the scrape interval.", "30s");
    private readonly Option<string?> _prometheus =
        new("--prometheus") { Description = "Address of Prometheus; the environment's own by default.", HelpName = "url" };

    public CanaryCommand()
        : base("canary", "Run a candidate beside a resource, and judge it by its metrics.")
    {
        foreach (var command in (Command[])[_start, _judge, _promote, _abort])
        {
            command.Add(_resource);
            Add(command);
        }

        _start.Add(_image);
        _start.Add(_tag);
        _start.Add(_weight);
        _judge.Add(_for);
        _judge.Add(_every);
        _judge.Add(_prometheus);
        _judge.Add(_output);
        _start.Add(_wait);
        _promote.Add(_wait);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var command = context.Arguments.CommandResult.Command;
        if (FindBadUsage(context, command) is { } error)
        {
            throw new BadUsageException(error);
        }

        var environment = ReadEnvironment(context);
        var resource = context.Arguments.GetValue(_resource)!.ToLowerInvariant();
        var objects = environment.Render(new([resource], Deep: false)).Objects;
        var baseline = CanaryDeployment.BaselineOf(objects, resource);
        using var cluster = environment.Connect();
        var live = await cluster.GetAsync(ObjectQuery.Of(baseline, CanaryDeployment.KeyOf(baseline)), cancellationToken);
        var running = live.FirstOrDefault(o => ObjectKey.Of(o) == baseline);
        var canary = live.FirstOrDefault(o => ObjectKey.Of(o) != baseline);
        if (command == _start)
        {
            return running is null
                ? throw new DistributedApplicationException(
                    $"{baseline} isn't there; `apply {environment.Target.Options}` creates it.")
                : await StartAsync(environment, cluster, running, cancellationToken);
        }

        if (canary is null)
        {
            throw new DistributedApplicationException(
                $"'{resource}' has no canary in namespace '{cluster.Target.Namespace}'. `canary start {resource} " +
                $"{environment.Target.Options}` runs one.");
        }

        return command == _judge
            ? await JudgeAsync(environment, cluster, resource, baseline, cancellationToken)
            : command == _promote
            ? await PromoteAsync(environment, cluster, resource, canary, cancellationToken)
            : await AbortAsync(environment, cluster, canary, cancellationToken);
    }

    private static bool IsDigest(string image) => image.StartsWith("sha256:", StringComparison.Ordinal);

    // What isn't one, a node refuses only when it pulls: InvalidImageName.
    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    private static string? FindBadImage(string image) => (IsDigest(image) ? image : ImageReference.Parse(image).Digest) switch
    {
        null => $"'{image}' has no digest. Use a value such as sha256:0123…, or --tag with a tag of the resource's image.",
        var digest when !Digest().IsMatch(digest) =>
            $"'{digest}' isn't a digest. Use sha256: and 64 hexadecimal digits.",
        _ => null,
    };

    private string? FindBadUsage(CommandContext context, Command command)
    {
        var arguments = context.Arguments;
        if (command == _start)
        {
            return arguments.GetValue(_image) is null == arguments.GetValue(_tag) is null
                ? "Name the candidate by one of --image DIGEST and --tag TAG."
                : arguments.GetValue(_image) is { } image ? FindBadImage(image) : null;
        }

        if (command == _judge)
        {
            var every = _every.Read(arguments)!.Value;
            return every < TimeSpan.FromSeconds(1) || _for.Read(arguments) < every
                ? "--every is at least 1s, and --for at least as long as --every."
                : arguments.GetValue(_prometheus) is { } url && !ServiceConnection.IsAddress(url)
                    ? $"'{url}' isn't an address of Prometheus. Use a value such as http://127.0.0.1:9090." : null;
        }

        return command == this ? "Name one of the commands canary start, judge, promote and abort." : null;
    }

    private async Task<int> StartAsync(
        EnvironmentContext environment, ClusterClient cluster, YamlMap running, CancellationToken cancellationToken)
    {
        var (context, start, at) = (environment.Command, Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
        var image = await CandidateAsync(context, CanaryDeployment.ImageOf(running), cancellationToken);
        var weight = context.Arguments.GetValue(_weight);
        var canary = CanaryDeployment.Create(running, image, weight);
        await cluster.ApplyAsync([canary.Object], new(), cancellationToken);
        await context.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{ObjectKey.Of(canary.Object)} runs {image}: {canary.Replicas} of {canary.Baseline + canary.Replicas} pods, " +
            $"{canary.Weight:F0} % (asked for: {weight} %)."));
        var result = await _wait.WaitAsync(context, cluster, [canary.Object], context.Output, cancellationToken);
        await RecordAsync(environment, cluster, new(at, "canary start", result.IsReady
            ? ActivityEntry.Done
            : ActivityEntry.Failed), start, running, image);
        if (!result.IsReady)
        {
            await context.Error.WriteLineAsync(
                $"Remove the candidate with `canary abort {context.Arguments.GetValue(_resource)} " +
                $"{environment.Target.Options}`.");
        }

        return result.IsReady ? ExitCodes.Done : ExitCodes.Failed;
    }

    // Always a digest: what is judged is what is promoted.
    private async Task<ImageReference> CandidateAsync(
        CommandContext context, ImageReference now, CancellationToken cancellationToken)
    {
        if (context.Arguments.GetValue(_image) is { } image)
        {
            return IsDigest(image)
                ? now with { Tag = null, Digest = image }
                : ImageReference.Parse(image) with { Tag = null };
        }

        using var registry = new RegistryClient();
        var tagged = new ImageReference(now.Name, context.Arguments.GetValue(_tag), null);
        var digest = await registry.FindAsync(RegistryReference.Parse(tagged.ToString()), cancellationToken);
        return digest is null
            ? throw new DistributedApplicationException($"The registry has no image {tagged}. Use a tag that was pushed.")
            : new(now.Name, null, digest);
    }

    private async Task<int> JudgeAsync(
        EnvironmentContext environment, ClusterClient cluster, string resource, ObjectKey baseline,
        CancellationToken cancellationToken)
    {
        var context = environment.Command;
        var console = TextWriter.Synchronized(_output.Console(context));
        var result = await new CanaryTrial(
            cluster, context.Arguments.GetValue(_prometheus), environment.Activity(cluster), console.WriteLine,
            TimeProvider.System)
            .JudgeAsync(
                baseline, _for.Read(context.Arguments)!.Value, _every.Read(context.Arguments)!.Value, cancellationToken);
        await CanaryReport.WriteAsync(environment, _output, resource, result, console);
        return result.Verdict switch
        {
            Verdict.Pass => ExitCodes.Done,
            Verdict.Fail => ExitCodes.Failed,
            _ => ExitCodes.Inconclusive,
        };
    }

    /// <summary>The pin is written where the environment has pins; then the resource is applied as always.</summary>
    private async Task<int> PromoteAsync(
        EnvironmentContext environment, ClusterClient cluster, string resource, YamlMap canary,
        CancellationToken cancellationToken)
    {
        var (context, target) = (environment.Command, environment.Target);
        if (environment.FindOutdatedFiles() is { } outdated)
        {
            throw new DistributedApplicationException($"{outdated}.");
        }

        var image = CanaryDeployment.ImageOf(canary);
        var used = new Renderer(environment.Tree).FindImages(target.Environment, [resource])
            .FirstOrDefault(i => image.Name == i.Name || image.Name.EndsWith("/" + i.Name, StringComparison.Ordinal))
            ?? throw new DistributedApplicationException(
                $"'{resource}' doesn't run an image {image.Name} in '{target.Environment}'. Change it in AppHost/Program.cs " +
                "and apply.");
        var digests = new Dictionary<string, string> { [used.Name] = image.Digest! };
        if (!target.IsPersonal)
        {
            var pins = ImagePins.Read(environment.Root, target.Environment);
            PinPlan.Of([used], digests, pins).Write(pins, environment.Root, target.Environment);
            await context.Output.WriteLineAsync($"{image} is pinned. Commit k8s/overlays/{target.Environment}/images.");
        }

        // The files were read before the pin was written.
        var now = new EnvironmentContext(context, target, environment.Model);
        var rendered = now.Render(new([resource], Deep: false), target.IsPersonal ? digests : null);
        PinRule.ThrowIfUnpinned(target.Environment, rendered.UnpinnedImages);
        var applier = new Applier(cluster, WaitAsync, context.Output.WriteLine) { Activity = environment.Activity(cluster) };
        var request = new DeployRequest(environment.Model.Application, target.Environment, rendered.Objects, new(
            new HashSet<string> { resource }))
        { KeepJobs = true, Command = "canary promote" };
        var result = await applier.ApplyAsync(request, cancellationToken);
        if (!result.IsReady)
        {
            await context.Error.WriteLineAsync(
                $"The candidate stays until '{resource}' works: `rollback {resource} {target.Options}` goes back, " +
                $"`canary promote {resource} {target.Options}` tries again.");
            return ExitCodes.Failed;
        }

        return await RemoveAsync(context, cluster, canary, cancellationToken);

        async Task<bool> WaitAsync(RolloutRequest awaited, CancellationToken cancellation) =>
            (await _wait.WaitAsync(
                context, cluster, awaited.Objects, context.Output, cancellation, awaited.Seen)).IsReady;
    }

    private static async Task<int> AbortAsync(
        EnvironmentContext environment, ClusterClient cluster, YamlMap canary, CancellationToken cancellationToken)
    {
        var (start, at) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
        var code = await RemoveAsync(environment.Command, cluster, canary, cancellationToken);
        await RecordAsync(environment, cluster, new(
            at, "canary abort", ActivityEntry.Done), start, canary, CanaryDeployment.ImageOf(canary));
        return code;
    }

    /// <summary>Records what was done with a candidate.</summary>
    private static Task RecordAsync(
        EnvironmentContext environment, ClusterClient cluster, ActivityEntry entry, long start, YamlMap of,
        ImageReference candidate)
    {
        var resource = InventoryEntry.Of(of).Resource;
        var before = CanaryDeployment.ImageOf(of);
        return environment.Activity(cluster).RecordAsync(entry with
        {
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Resources = [resource],
            Images = [new(resource, candidate.Name, before == candidate ? null : before.Digest ?? before.Tag, candidate.Digest)],
        });
    }

    private static async Task<int> RemoveAsync(
        CommandContext context, ClusterClient cluster, YamlMap canary, CancellationToken cancellationToken)
    {
        await cluster.DeleteAsync([ObjectKey.Of(canary)], new() { Foreground = true, Wait = true }, cancellationToken);
        await context.Output.WriteLineAsync($"{ObjectKey.Of(canary)} deleted");
        return ExitCodes.Done;
    }
}
