using System.CommandLine;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Secrets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// Shows which keys of Secrets an environment needs and has, sets those that are missing, rotates one. A value is never shown.
/// </summary>
internal sealed class SecretsCommand : EnvironmentCommand
{
    private readonly Command _set = new("set", "Set a key; without one, set all missing keys.");
    private readonly Command _rotate = new("rotate", "Replace the value of a key, and restart the resources that read it.");
    private readonly SecretInput _input;
    private readonly OutputOption _output = new();
    private readonly Argument<string?> _setKey =
        new("key") { Description = "Key, or SECRET/KEY.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string> _rotateKey = new("key") { Description = "Key, or SECRET/KEY." };
    private readonly Option<bool> _together = new("--restart-together")
    {
        Description = "Restart the members of a StatefulSet at the same time; it is unavailable meanwhile.",
    };
    private readonly RolloutWait _wait = new();

    public SecretsCommand()
        : base("secrets", "Show which keys of Secrets an environment needs and has.")
    {
        Add(_set);
        Add(_rotate);
        _set.Add(_setKey);
        _rotate.Add(_rotateKey);
        _rotate.Add(_together);
        _rotate.Add(_wait);
        _input = new(_set, _rotate);
        Add(_output);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var command = context.Arguments.CommandResult.Command;
        var environment = ReadEnvironment(context);
        var target = environment.Target;
        var objects = environment.Render().Objects;
        var keys = SecretKeys.Of(objects);
        using var cluster = environment.Connect();
        return command switch
        {
            _ when command == _set => await SetAsync(context, target, cluster, keys, cancellationToken),
            _ when command == _rotate => await RotateAsync(context, target, cluster, keys, objects, cancellationToken),
            _ => await ShowAsync(context, target, cluster, keys, cancellationToken),
        };
    }

    private async Task<int> ShowAsync(
        CommandContext context, EnvironmentTarget target, IClusterClient cluster, IReadOnlyList<SecretKey> keys,
        CancellationToken cancellationToken)
    {
        var present = await new SecretStore(cluster).PresentAsync(keys, cancellationToken);
        if (_output.IsStructured(context))
        {
            await _output.WriteAsync(context, DeployJson.Create(target, new()
            {
                ["keys"] = new JsonArray([.. keys.Select(k => (JsonNode)new JsonObject
                {
                    ["secret"] = k.Secret,
                    ["key"] = k.Key.Length == 0 ? null : k.Key,
                    ["present"] = present.Contains(k),
                    ["users"] = new JsonArray([.. k.Users.Select(u => (JsonNode)u.ToString())]),
                })]),
            }));
        }
        else
        {
            foreach (var key in keys)
            {
                await context.Output.WriteLineAsync(
                    $"{(present.Contains(key) ? "present" : "missing")}  {key}  read by {string.Join(", ", key.Users)}");
            }

            await context.Output.WriteLineAsync(
                $"{target.Environment} (namespace {target.Cluster.Namespace}) needs {keys.Count} " +
                $"{(keys.Count == 1 ? "key" : "keys")}, {keys.Count - present.Count} missing.");
        }

        return present.Count == keys.Count ? ExitCodes.Done : ExitCodes.Failed;
    }

    private async Task<int> SetAsync(
        CommandContext context, EnvironmentTarget target, IClusterClient cluster, IReadOnlyList<SecretKey> keys,
        CancellationToken cancellationToken)
    {
        var store = new SecretStore(cluster);
        IReadOnlyList<SecretKey> wanted;
        if (context.Arguments.GetValue(_setKey) is { } named)
        {
            wanted = [SecretKeys.Find(keys, named, target.Environment)];
            if ((await store.PresentAsync(wanted, cancellationToken)).Count > 0)
            {
                throw new DistributedApplicationException(
                    $"'{wanted[0]}' is there already. `secrets rotate {named} {target.Options}` replaces it and restarts " +
                    "who reads it.");
            }
        }
        else
        {
            var present = await store.PresentAsync(keys, cancellationToken);
            var missing = keys.Where(k => k.Key.Length > 0 && !present.Contains(k)).ToList();
            foreach (var key in missing.ToList())
            {
                if (await store.CompleteAsync(key, cancellationToken))
                {
                    missing.Remove(key);
                    await context.Output.WriteLineAsync($"{key} completed in namespace {target.Cluster.Namespace}");
                }
            }

            wanted = missing;
            if (_input.IsForOneKey(context) && wanted.Count > 1)
            {
                throw new BadUsageException($"{wanted.Count} keys are missing: name the one that the value is for.");
            }
        }

        foreach (var key in wanted)
        {
            var value = await _input.ReadAsync(context, key, cancellationToken);
            key.Check(value);
            await store.SetAsync(key, value, cancellationToken);
            await context.Output.WriteLineAsync($"{key} set in namespace {target.Cluster.Namespace}");
        }

        if (wanted.Count == 0)
        {
            await context.Output.WriteLineAsync("No key is missing.");
        }

        return ExitCodes.Done;
    }

    private async Task<int> RotateAsync(
        CommandContext context, EnvironmentTarget target, IClusterClient cluster, IReadOnlyList<SecretKey> keys,
        IReadOnlyList<YamlMap> objects, CancellationToken cancellationToken)
    {
        var rotation = new SecretRotation(cluster, TimeProvider.System, context.Output.WriteLine);
        var together = context.Arguments.GetValue(_together);
        var wanted = SecretKeys.Find(keys, context.Arguments.GetValue(_rotateKey)!, target.Environment);
        var key = await rotation.PresentUsersAsync(wanted, cancellationToken);
        SecretRotation.Check(key, together);
        var store = new SecretStore(cluster);
        if ((await store.PresentAsync([key], cancellationToken)).Count == 0)
        {
            throw new DistributedApplicationException(
                $"'{key}' is not there yet. `secrets set {key} {target.Options}` makes it.");
        }

        var unfinished = together ? null : await rotation.UnfinishedAsync(key, cancellationToken);
        if (unfinished is not null)
        {
            await context.Output.WriteLineAsync(
                $"{key} was being replaced: going on with the value that the Secret has. Rotate again for another one.");
        }

        var value = unfinished ?? await _input.ReadAsync(context, key, cancellationToken);
        wanted.Check(value);
        if (!together && key.Members.Count > 0)
        {
            var done = await rotation.RollAsync(key, value, WaitAsync, cancellationToken);
            await context.Output.WriteLineAsync(done
                ? $"{key} replaced in namespace {target.Cluster.Namespace}"
                : $"{key} is not replaced everywhere");
            return done ? ExitCodes.Done : ExitCodes.Failed;
        }

        await rotation.RestartAsync(key, value, cancellationToken);
        return await WaitAsync(key.Users) ? ExitCodes.Done : ExitCodes.Failed;

        async Task<bool> WaitAsync(IReadOnlyList<SecretUser> users)
        {
            var awaited = objects.Where(o => o.Text("kind") == "NetworkPolicy"
                || users.Contains(new(o.Text("kind")!, o.Map("metadata")!.Text("name")!))).ToList();
            return (await _wait.WaitAsync(context, cluster, awaited, context.Output, cancellationToken)).IsReady;
        }
    }
}
