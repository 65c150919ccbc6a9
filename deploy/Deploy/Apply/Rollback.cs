using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What a rollback is going to do.</summary>
/// <param name="Revision">The state to go back to.</param>
internal sealed record RollbackPlan(Revision Revision, DeployRequest Request, ObjectDifferences Differences);

/// <summary>
/// Goes back to the last state of an environment that worked and that differs from what is there: its manifests are applied as
/// any others are, with inventory, prune and wait. Data, Secrets and what Jobs did stay.
/// </summary>
internal sealed class Rollback(IClusterClient cluster, string application, string environment)
{
    /// <summary>Finds the state; nothing is changed.</summary>
    /// <param name="resources">The resources that go back; none: all that the state has.</param>
    /// <param name="number">Number of the state; null: the last one that differs.</param>
    /// <exception cref="DeployException">There is none.</exception>
    public async Task<RollbackPlan> PlanAsync(
        IReadOnlyCollection<string> resources, int? number, CancellationToken cancellationToken)
    {
        var revisions = await new RevisionStore(cluster, application, environment).ReadAsync(cancellationToken);
        var candidates = revisions.Where(r => number is null || r.Number == number).ToList();
        if (candidates.Count == 0)
        {
            throw new DeployException(number is null
                ? $"'{environment}' has no revision to go back to: no apply in namespace '{cluster.Target.Namespace}' has " +
                "been seen to work yet."
                : $"'{environment}' has no revision {number}. It has: " +
                $"{(revisions.Count == 0 ? "none" : string.Join(", ", revisions))}.");
        }

        foreach (var revision in candidates)
        {
            var request = Request(revision, resources);
            var differences = request.Objects.Count == 0
                ? null
                : await new Differ(cluster).CompareAsync(request, cancellationToken);
            if (differences is { Differences.Count: > 0 })
            {
                return new(revision, request, differences);
            }
        }

        var named = resources.Count == 0 ? "" : $" of {string.Join(", ", resources)}";
        throw new DeployException(
            $"There is nothing to go back to: {string.Join(", ", candidates)} {(candidates.Count == 1 ? "has" : "have")} " +
            $"nothing{named} that differs from what is there.");
    }

    // Resources that the state doesn't know stay: it may be of an apply that was about a part.
    private DeployRequest Request(Revision revision, IReadOnlyCollection<string> resources)
    {
        List<YamlMap> objects =
            [.. revision.Objects.Where(o => resources.Count == 0 || resources.Contains(InventoryEntry.Of(o).Resource))];
        return new(application, environment, objects, new(objects.Select(o => InventoryEntry.Of(o).Resource).ToHashSet()))
        {
            KeepJobs = true,
        };
    }
}
