using System.Globalization;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;

namespace MonoRepo.Deploy.Secrets;

/// <summary>
/// Replaces the value of a key, and restarts who reads it. Deployments are rolled. Members of a StatefulSet know one value at a time and
/// may authenticate each other by it, as those of a clustered store do: rolled one by one, the new ones would be cut off from the rest and
/// the roll would stop half way. They are restarted together, and only where that was asked for.
/// </summary>
public sealed class SecretRotation(IClusterClient cluster, TimeProvider time)
{
    private const string Deployment = "Deployment";
    private const string StatefulSet = "StatefulSet";

    /// <summary>Refuses what would leave members that do not understand each other.</summary>
    /// <exception cref="DeployException">Members have to be restarted together, and that was not asked for.</exception>
    public static void Check(SecretKey key, bool isTogether)
    {
        var sets = key.Users.Where(u => u.Kind == StatefulSet).ToList();
        if (sets.Count > 0 && !isTogether)
        {
            throw new DeployException(
                $"'{key}' is read by {string.Join(", ", sets)}, whose members know one value at a time: rolled one by one they would refuse each other and their callers. "
                + "Nothing was changed. With --restart-together all of them restart at once: what they serve is away until they are back, "
                + "and what is not yet on disk is lost (see docs/operate.md).");
        }
    }

    /// <summary>Those who read a key and are there: resources that were never applied have nothing to restart.</summary>
    public async Task<SecretKey> PresentUsersAsync(SecretKey key, CancellationToken cancellationToken)
    {
        var workloads = key.Users.Select(Object).OfType<ObjectKey>().ToArray();
        var found = workloads.Length == 0 ? [] : await cluster.GetAsync(ObjectQuery.Of(workloads), cancellationToken).ConfigureAwait(false);
        var present = found.Select(ObjectKey.Of).ToHashSet();
        return key with { Users = [.. key.Users.Where(u => Object(u) is { } one && present.Contains(one))] };
    }

    /// <summary>Restarts the users of a key whose value has just changed.</summary>
    public async Task RestartAsync(SecretKey key, CancellationToken cancellationToken)
    {
        foreach (var set in key.Users.Where(u => u.Kind == StatefulSet))
        {
            // Deleted rather than rolled: nobody's template changes, and all of them start with the new value.
            var pods = await PodsAsync(set, cancellationToken).ConfigureAwait(false);
            await cluster.DeleteAsync(pods, new(), cancellationToken).ConfigureAwait(false);
        }

        foreach (var deployment in key.Users.Where(u => u.Kind == Deployment))
        {
            await cluster.PatchAsync(Object(deployment)!, new(Restarted()), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is restarted; a Job or CronJob reads the new value in its next run.</summary>
    private static ObjectKey? Object(SecretUser user) => user.Kind is Deployment or StatefulSet ? new("apps", user.Kind, user.Name) : null;

    private async Task<IReadOnlyList<ObjectKey>> PodsAsync(SecretUser set, CancellationToken cancellationToken)
    {
        var pods = await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.Pod), cancellationToken).ConfigureAwait(false);
        return
        [
            .. pods.Where(p => p.ItemsAt("metadata", "ownerReferences").Any(o => o.Text("kind") == set.Kind && o.Text("name") == set.Name))
                .Select(ObjectKey.Of),
        ];
    }

    // What `kubectl rollout restart` does.
    private string Restarted() => new JsonObject
    {
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["annotations"] = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) },
                },
            },
        },
    }.ToJsonString();
}
