using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>Makes what an environment needs. Running it again changes nothing.</summary>
/// <param name="connect">The cluster, in a namespace; null: the environment's.</param>
internal sealed class SetupRunner(Func<string?, IClusterClient> connect, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the objects of a step and says what became of each.</summary>
    /// <param name="forceConflicts">Takes over fields that others own.</param>
    /// <param name="cancellationToken">Ends it; a later run goes on.</param>
    public async Task<IReadOnlyList<SetupResult>> RunAsync(
        SetupStep step, bool forceConflicts, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var cluster = connect(step.Namespace);
        var results = new List<SetupResult>();

        // A namespace first: nothing can be asked for in one that does not exist.
        foreach (var part in step.Objects.GroupBy(o => o.Text("kind") == "Namespace").OrderBy(g => !g.Key)
            .Select(g => g.ToList()))
        {
            var keys = part.Select(ObjectKey.Of).ToArray();
            var live = await cluster.GetAsync(ObjectQuery.Of(keys) with { ManagedFields = true }, cancellationToken);
            var before = live.DistinctBy(ObjectKey.Of).ToDictionary(ObjectKey.Of);
            var applied = await cluster.ApplyAsync(
                [.. part.Where(o => IsDue(o, before.GetValueOrDefault(ObjectKey.Of(o))))],
                new() { ForceConflicts = forceConflicts }, cancellationToken);
            var after = applied.Select(a => a.Object).DistinctBy(ObjectKey.Of).ToDictionary(ObjectKey.Of);
            results.AddRange(
                keys.Select(k => new SetupResult(step.Title, k, Did(before.GetValueOrDefault(k), after.GetValueOrDefault(k)))));
            await EstablishedAsync(cluster, keys, timeout, cancellationToken);
        }

        return results;
    }

    // The value of a PriorityClass cannot be changed; what an administrator has chosen stays.
    private static bool IsDue(YamlMap one, YamlMap? before) =>
        before is null || (one.Text("kind") != "PriorityClass" && !FieldOwners.IsApplied(before, one));

    private static string Did(YamlMap? before, YamlMap? after) =>
        before is null ? "created"
        : after is null || Version(after) == Version(before) ? "unchanged"
        : "changed";

    private static string? Version(YamlMap one) => one.TextAt("metadata", "resourceVersion");

    private async Task EstablishedAsync(
        IClusterClient cluster, ObjectKey[] keys, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var definitions = keys.Where(k => k.Kind == "CustomResourceDefinition").ToArray();
        var started = time.GetTimestamp();
        while (definitions.Length > 0)
        {
            var objects = await cluster.GetAsync(ObjectQuery.Of(definitions), cancellationToken);
            var waiting = objects.Select(o => new LiveObject(o))
                .Where(o => o.Condition("Established")?.Text("status") != "True").ToList();
            if (waiting.Count == 0)
            {
                return;
            }

            if (time.GetElapsedTime(started) > timeout)
            {
                var reasons = waiting.Select(w => (w.Name, Text: w.Condition("NamesAccepted")?.Text("message")))
                    .Select(w => $"{w.Name} ({OneLine.Of(w.Text ?? "no answer of the API server yet")})");
                throw new ClusterException(
                    ClusterErrorReason.Timeout,
                    $"Not established after {timeout.TotalSeconds:0} s: {string.Join(", ", reasons)}.");
            }

            await Task.Delay(s_look, time, cancellationToken);
        }
    }
}
