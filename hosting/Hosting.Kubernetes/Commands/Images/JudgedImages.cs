using Aspire.Hosting;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Canary;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Holds a promotion back until canaries have passed.</summary>
internal static class JudgedImages
{
    /// <summary>Looks every changed pin up among the verdicts in the history of environments.</summary>
    /// <param name="places">Where a canary may have run: the environment that is promoted to comes first.</param>
    /// <exception cref="DistributedApplicationException">A digest was not judged, or not well; each is a line with the commands
    /// that judge it.</exception>
    public static async Task ThrowIfNotPassedAsync(
        IReadOnlyList<PinChange> changes, IReadOnlyList<EnvironmentContext> places, CancellationToken cancellationToken)
    {
        var remarks = new List<string>();
        var verdicts = new List<(string Environment, ActivityEntry Entry)>();
        foreach (var place in changes.Count == 0 ? [] : places)
        {
            try
            {
                using var cluster = place.Connect();
                var entries = await place.Log(cluster).ReadAsync(cancellationToken);
                verdicts.AddRange(
                    entries.Where(e => e.Command == CanaryTrial.Command).Select(e => (place.Target.Environment, e)));
            }
            catch (DeployException exception)
            {
                // Clusters of two environments are seldom reached by one context; what the other one says is enough.
                remarks.Add($"'{place.Target.Environment}' can't be read: {OneLine.Of(exception.Message)}");
            }
        }

        var deployments = changes.Count == 0
            ? []
            : places[0].Render().Objects.Where(o => ResourceKind.Of(o) == ResourceKind.Deployment).ToList();
        var problems = changes.Select(c => FindProblem(
            c, deployments.Where(d => Runs(CanaryDeployment.ImageOf(d).Name, c.Image)).Select(ResourceSelection.Owner)
                .FirstOrDefault(), places[0].Target.Environment, verdicts))
            .OfType<string>().ToList();
        if (problems.Count > 0)
        {
            throw new DistributedApplicationException(string.Join('\n', problems.Concat(remarks)));
        }
    }

    /// <summary>Why a pin may not be changed; null: it may.</summary>
    internal static string? FindProblem(
        PinChange change, string? resource, string environment, IReadOnlyList<(string Environment, ActivityEntry Entry)> verdicts)
    {
        var (where, last) = verdicts.Where(v => v.Entry.Images.Any(i => i.After == change.To)).OrderByDescending(v => v.Entry.At)
            .FirstOrDefault();
        if (last?.IsGood == true)
        {
            return null;
        }

        if (resource is null)
        {
            return $"{change.Image}: no Deployment of '{environment}' runs it, so no canary can judge it. Promote it without " +
                "--after-canary.";
        }

        var said = last is null ? "was not judged" : $"was judged '{last.Result}' in '{where}'";
        return $"{change.Image}: {change.To} {said}. Run `canary start {resource} --env {environment} --image {change.To}`, " +
            $"then `canary judge {resource} --env {environment}`.";
    }

    private static bool Runs(string name, string image) => name == image || name.EndsWith("/" + image, StringComparison.Ordinal);
}
