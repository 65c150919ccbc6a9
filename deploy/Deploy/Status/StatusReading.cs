using System.Globalization;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Deploy.Status;

/// <summary>Targets and a snapshot to what runs of each.</summary>
internal static class StatusReading
{
    public static IReadOnlyList<ResourceStatus> Read(RolloutTargets targets, ClusterSnapshot snapshot) =>
        [.. RolloutReading.Read(targets, snapshot).Resources.Select(r => Read(targets, r, snapshot))];

    private static ResourceStatus Read(RolloutTargets targets, ResourceProgress progress, ClusterSnapshot snapshot)
    {
        var now = snapshot.At;
        if (snapshot.Find(progress.Kind, progress.Name) is not { } live)
        {
            return new(progress, [], null, 0, null, []);
        }

        var pods = snapshot.PodsOf(live).ToList();
        var related = pods.Append(live).Concat(snapshot.OwnedBy(live, "ReplicaSet")).Select(o => o.Uid).ToHashSet();
        var warning = snapshot.Events.LastOrDefault(e => e.IsWarning && related.Contains(e.Uid));
        return new(
            progress,
            [.. ImageFields.Of(live.Map).Distinct().Select(i => WithDigest(i, pods))],
            live.Created is { } created ? now - created : null,
            progress.Pods.Sum(p => p.Restarts),
            warning is null ? null : $"{Ages.Of(now - warning.Last)} ago: {warning.Reason}: {warning.Message}",
            targets.AdditionsTo(live.Map));
    }

    /// <summary>An image by tag is what the nodes found under it when they pulled.</summary>
    private static string WithDigest(string image, List<LiveObject> pods)
    {
        if (ImageReference.Parse(image).Digest is not null)
        {
            return image;
        }

        // {"image":"localhost:5000/tools:1","imageID":"localhost:5000/tools@sha256:92a1…"}; the tag may be another one of the
        // same content.
        var found = pods.SelectMany(p => p.ContainerStatuses)
            .Where(c => IsSame(ImageReference.Parse(c.Text("image") ?? "").Name, ImageReference.Parse(image).Name))
            .OrderBy(c => c.Text("image") != image)
            .Select(c => ImageReference.Parse(c.Text("imageID") ?? "").Digest)
            .FirstOrDefault(d => d is not null);
        return found is null ? image : $"{image}@{found}";
    }

    // Nodes complete short names: nginx is docker.io/library/nginx.
    private static bool IsSame(string one, string other) =>
        one == other || one.EndsWith("/" + other, StringComparison.Ordinal)
        || other.EndsWith("/" + one, StringComparison.Ordinal);
}

/// <summary>What runs of a resource.</summary>
/// <param name="Images">Images of its template, as <c>name@sha256:…</c>, or with the tag and the digest that a pod found.</param>
/// <param name="Age">Since its creation; null: it does not exist.</param>
/// <param name="Warning">The last warning about it or its pods; null: none is remembered (clusters keep them for an
/// hour).</param>
/// <param name="Additions">Fields of it that others have added.</param>
internal sealed record ResourceStatus(
    ResourceProgress Progress, IReadOnlyList<string> Images, TimeSpan? Age, long Restarts, string? Warning,
    IReadOnlyList<ForeignField> Additions);

/// <summary>How old something is, in the two largest units at most: <c>3d4h</c>, <c>12m</c>, <c>45s</c>.</summary>
internal static class Ages
{
    /// <summary>The age as text.</summary>
    public static string Of(TimeSpan age) => age switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)}s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
        { TotalDays: < 8 } => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d{age.Hours}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d"),
    };
}
