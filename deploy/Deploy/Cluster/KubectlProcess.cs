using System.Runtime.CompilerServices;
using System.Text.Json;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>The real kubectl, a process a call. Manifests go in by standard input: nothing of them is written to disk.</summary>
public sealed class KubectlProcess(KubectlTarget target, KubectlProgram? program = null) : IKubectl
{
    // For one request; an apply consists of many.
    private const string RequestTimeout = "--request-timeout=30s";

    private readonly KubectlRunner _runner = new(program ?? new(), target);

    /// <inheritdoc/>
    public KubectlTarget Target => target;

    /// <inheritdoc/>
    public async Task<string?> CurrentContextAsync(CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(["config", "current-context"], null, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    /// <inheritdoc/>
    public async Task<KubectlVersion> VersionAsync(CancellationToken cancellationToken)
    {
        // {"clientVersion": {"gitVersion": "v1.32.4"}, "serverVersion": {"gitVersion": "v1.36.0"}}
        var versions = (await ObjectsAsync(["version", "-o", "json"], null, cancellationToken).ConfigureAwait(false))[0];
        return new(versions.Map("clientVersion")?.Text("gitVersion") ?? "", versions.Map("serverVersion")?.Text("gitVersion") ?? "");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<YamlMap>> GetAsync(KubectlQuery query, CancellationToken cancellationToken)
    {
        List<string> arguments = ["get", "-o", "json", "--ignore-not-found"];
        arguments.AddRange(query.Objects.Count > 0 ? query.Objects.Select(o => o.ToString()) : [string.Join(',', query.Kinds)]);
        Add(arguments, "--selector", query.Selector);
        Add(arguments, "--field-selector", query.FieldSelector);
        if (query.ManagedFields)
        {
            arguments.Add("--show-managed-fields");
        }

        return await ObjectsAsync(arguments, null, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<YamlMap>> ApplyAsync(IReadOnlyList<YamlMap> objects, KubectlApply options, CancellationToken cancellationToken)
    {
        if (objects.Count == 0)
        {
            return [];
        }

        // --validate=false: kubectl would load the cluster's OpenAPI first, which takes seconds; SchemaCheck has looked already.
        List<string> arguments =
            ["apply", "--server-side", $"--field-manager={options.Manager}", "--validate=false", "-o", "json", "--show-managed-fields", "-f", "-"];
        if (options.DryRun)
        {
            arguments.Add("--dry-run=server");
        }

        if (options.ForceConflicts)
        {
            arguments.Add("--force-conflicts");
        }

        return await ObjectsAsync(arguments, ManifestText.Of(objects), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken) =>
        (await ObjectsAsync(["create", "--validate=false", $"--field-manager={KubectlApply.FieldManager}", "-o", "json", "-f", "-"], ManifestText.Of([one]), cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public async Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken) =>
        (await ObjectsAsync(["replace", "--validate=false", $"--field-manager={KubectlApply.FieldManager}", "-o", "json", "-f", "-"], ManifestText.Of([one]), cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyList<ObjectKey> objects, KubectlDelete options, CancellationToken cancellationToken)
    {
        if (objects.Count > 0)
        {
            List<string> arguments = ["delete", "--ignore-not-found", options.Wait ? "--wait=true" : "--wait=false", $"--cascade={(options.Orphan ? "orphan" : options.Foreground ? "foreground" : "background")}"];
            await TextAsync([.. arguments, .. objects.Select(o => o.ToString())], null, cancellationToken, isBounded: !options.Wait).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<YamlMap> PatchAsync(ObjectKey one, KubectlPatch patch, CancellationToken cancellationToken)
    {
        List<string> arguments = ["patch", one.ToString(), $"--type={patch.Type}", $"--field-manager={KubectlApply.FieldManager}", "-o", "json", "--patch-file=/dev/stdin"];
        Add(arguments, "--subresource", patch.Subresource);
        return (await ObjectsAsync(arguments, patch.Json, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> LogsAsync(KubectlLogs logs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> arguments = ["logs", logs.Pod];
        Add(arguments, "--container", logs.Container);
        Add(arguments, "--tail", logs.Tail?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add(arguments, "--since", logs.Since is { } since ? $"{Math.Ceiling(since.TotalSeconds)}s" : null);
        arguments.AddRange(new[] { (logs.Follow, "--follow"), (logs.Previous, "--previous"), (logs.Timestamps, "--timestamps") }.Where(f => f.Item1).Select(f => f.Item2));
        await using var running = _runner.Start(arguments, null);
        using var registered = cancellationToken.Register(running.Kill);
        while (await running.Output.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }

        await running.ThrowIfFailedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KubectlEvent> WatchAsync(string kind, string? selector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> arguments = ["get", kind, "-o", "json", "--watch", "--output-watch-events"];
        Add(arguments, "--selector", selector);
        await using var running = _runner.Start(arguments, null);
        using var registered = cancellationToken.Register(running.Kill);

        // {"type": "ADDED", "object": {…}}, one after the other
        await foreach (var document in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(running.Output.BaseStream, topLevelValues: true, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var change = (YamlMap)JsonNodes.Read(document);
            yield return new(change.Text("type")!, change.Map("object")!);
        }

        await running.ThrowIfFailedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<KubectlExecution> ExecAsync(KubectlExec exec, CancellationToken cancellationToken)
    {
        List<string> arguments = ["exec", exec.Pod];
        Add(arguments, "--container", exec.Container);
        if (exec.Input is not null)
        {
            arguments.Add("--stdin");
        }

        var result = await _runner.RunAsync([.. arguments, "--", .. exec.Command], exec.Input, cancellationToken, exec.Line).ConfigureAwait(false);

        // "command terminated with exit code 3" is the command's; anything else that fails is kubectl's.
        return result.ExitCode == 0 || result.Error.Contains("command terminated with exit code", StringComparison.Ordinal)
            ? new(result.ExitCode, result.Output, result.Error)
            : throw KubectlFaults.Read(result.Error, target);
    }

    private static void Add(List<string> arguments, string name, string? value)
    {
        if (value is not null)
        {
            arguments.Add($"{name}={value}");
        }
    }

    private async Task<IReadOnlyList<YamlMap>> ObjectsAsync(IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken) =>
        JsonNodes.ReadObjects(await TextAsync(arguments, input, cancellationToken).ConfigureAwait(false));

    private async Task<string> TextAsync(IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken, bool isBounded = true)
    {
        var result = await _runner.RunAsync(isBounded ? [.. arguments, RequestTimeout] : arguments, input, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0 ? result.Output : throw KubectlFaults.Read(result.Error, target);
    }
}
