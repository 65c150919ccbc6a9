using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.StatefulSets;

namespace MonoRepo.Deploy.Secrets;

/// <summary>
/// Replaces the value of a key, and restarts who reads it. Deployments are rolled. Members of a StatefulSet may authenticate each
/// other by it, as those of a clustered store do: where they can let in by two values for a while (<see cref="MemberSecret"/>),
/// they are rolled after their callers; where they cannot, they are restarted together, and only if that was asked for.
/// </summary>
internal sealed class SecretRotation(IClusterClient cluster, TimeProvider time, Action<string> report)
{
    private const string Deployment = "Deployment";
    private const string StatefulSet = "StatefulSet";
    private readonly SecretStore _store = new(cluster);

    /// <summary>Refuses what would leave members that do not understand each other.</summary>
    /// <exception cref="DeployException">Members have to be restarted together, and that was not asked for.</exception>
    public static void Check(SecretKey key, bool isTogether)
    {
        var sets = key.Users.Where(u => u.Kind == StatefulSet && !key.Members.Any(m => m.StatefulSet == u.Name)).ToList();
        if (sets.Count > 0 && !isTogether)
        {
            throw new DeployException(
                $"'{key}' is read by {string.Join(", ", sets)}, whose members know one value at a time: rolled one by one " +
                "they would refuse each other and their callers. "
                + "Nothing was changed. Where a newer version lets in by two values, `apply` first. With --restart-together " +
                "all of them restart at once: "
                + "what they serve is away until they are back, and what is not yet on disk is lost (see docs/operate.md).");
        }
    }

    /// <summary>Those who read a key and are there: resources that were never applied have nothing to restart.</summary>
    public async Task<SecretKey> PresentUsersAsync(SecretKey key, CancellationToken cancellationToken)
    {
        var workloads = key.Users.Select(Object).OfType<ObjectKey>().ToArray();
        var found = workloads.Length == 0 ? [] : await cluster.GetAsync(ObjectQuery.Of(workloads), cancellationToken);
        var present = found.Select(ObjectKey.Of).ToHashSet();
        return key with
        {
            Users = [.. key.Users.Where(u => Object(u) is { } one && present.Contains(one))],
            Members = MemberSecret.Of(found, key.Secret, key.Key),
        };
    }

    /// <summary>
    /// The value that an interrupted <see cref="RollAsync"/> was giving to the members; null: none was interrupted.
    /// </summary>
    public async Task<byte[]?> UnfinishedAsync(SecretKey key, CancellationToken cancellationToken) =>
        key.Members is [var members, ..]
        && await _store.ReadAsync(key.Secret, members.Previous, cancellationToken) is not null
            ? await _store.ReadAsync(key.Secret, key.Key, cancellationToken)
            : null;

    /// <summary>
    /// Replaces the value while everything goes on: members let in by both, callers are rolled, then members, and last these let
    /// in by the new one only. Interrupted anywhere, callers and members understand each other, and running it again with
    /// <see cref="UnfinishedAsync"/> goes on.
    /// </summary>
    /// <param name="wait">Waits until those who were restarted work; false: they don't.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    public async Task<bool> RollAsync(
        SecretKey key, byte[] value, Func<IReadOnlyList<SecretUser>, Task<bool>> wait, CancellationToken cancellationToken)
    {
        var (previous, isBegun) = (key.Members[0].Previous, await UnfinishedAsync(key, cancellationToken) is not null);
        report($"{key}: the members let in by the new value, too");
        await EveryMemberAsync(key, m => m.Accept, value, cancellationToken);
        if (!isBegun)
        {
            var old = await _store.ReadAsync(key.Secret, key.Key, cancellationToken);
            await _store.PatchAsync(key.Secret, [.. key.Write(value), (previous, old)], cancellationToken);
        }

        foreach (var kind in (string[])[Deployment, StatefulSet])
        {
            List<SecretUser> users = [.. key.Users.Where(u => u.Kind == kind)];
            if (users.Count == 0)
            {
                continue;
            }

            report($"{key}: rolling {string.Join(", ", users)}");
            await Task.WhenAll(users.Select(
                u => cluster.PatchAsync(Object(u)!, WorkloadRestart.Patch(time), cancellationToken)));
            if (!await wait(users))
            {
                report($"{key}: both values are accepted for now; fix the cause, then run `secrets rotate` again to continue");
                return false;
            }
        }

        report($"{key}: the members let in by the new value only");
        await EveryMemberAsync(key, m => m.Only, value, cancellationToken);
        await _store.PatchAsync(key.Secret, [(previous, null)], cancellationToken);
        return true;
    }

    /// <summary>Replaces the value and restarts who reads it, members of StatefulSets together.</summary>
    public async Task RestartAsync(SecretKey key, byte[] value, CancellationToken cancellationToken)
    {
        await _store.PatchAsync(key.Secret, [
            .. key.Write(value),
            .. key.Members.Select(m => (m.Previous, (byte[]?)null)),
        ], cancellationToken);
        report($"{key} replaced in namespace {cluster.Target.Namespace}; restarting " +
            $"{(key.Users.Count == 0 ? "nobody: nothing that runs reads it" : string.Join(", ", key.Users))}");
        foreach (var set in key.Users.Where(u => u.Kind == StatefulSet))
        {
            // Deleted rather than rolled: nobody's template changes, and all of them start with the new value.
            var pods = await PodsAsync(set, cancellationToken);
            await cluster.DeleteAsync(pods, new(), cancellationToken);
        }

        foreach (var deployment in key.Users.Where(u => u.Kind == Deployment))
        {
            await cluster.PatchAsync(Object(deployment)!, WorkloadRestart.Patch(time), cancellationToken);
        }
    }

    /// <summary>What is restarted; a Job or CronJob reads the new value in its next run.</summary>
    private static ObjectKey? Object(SecretUser user) => user.Kind is Deployment or StatefulSet
        ? new("apps", user.Kind, user.Name)
        : null;

    private async Task EveryMemberAsync(
        SecretKey key, Func<MemberSecret, IReadOnlyList<string>> command, byte[] value, CancellationToken cancellationToken)
    {
        foreach (var members in key.Members)
        {
            var pods = await PodsAsync(new(StatefulSet, members.StatefulSet), cancellationToken);
            await Task.WhenAll(pods.Select(async pod =>
            {
                using var input = new MemoryStream([.. value, (byte)'\n']);
                var result = await cluster.ExecAsync(
                    new(pod.Name, members.Container, command(members)) { Input = input }, cancellationToken);
                if (result.ExitCode != 0)
                {
                    throw new DeployException(
                        $"{pod.Name}: {OneLine.Of(result.Error)}. Both values work where they worked before; run `secrets " +
                        "rotate` again to go on.");
                }
            }));
        }
    }

    private async Task<IReadOnlyList<ObjectKey>> PodsAsync(SecretUser set, CancellationToken cancellationToken)
    {
        var pods = await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.Pod), cancellationToken);
        return
        [
            .. pods.Where(
                p => p.ItemsAt("metadata", "ownerReferences").Any(o => o.Text("kind") == set.Kind && o.Text("name") == set.Name))
                .Select(ObjectKey.Of),
        ];
    }
}
