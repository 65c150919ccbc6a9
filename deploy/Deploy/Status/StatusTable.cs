using System.Globalization;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Deploy.Status;

/// <summary>What runs, as a table for people and as JSON for scripts.</summary>
internal static class StatusTable
{
    private const int DigestDigits = 12;

    private static readonly string[] s_head = ["RESOURCE", "READY", "IMAGE", "AGE", "RESTARTS", "STATE"];

    /// <summary>The lines of the table; below a resource its pods that are not ready, and the last warning.</summary>
    /// <param name="isWide">With all pods, where they run, and all images in full.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<ResourceStatus> resources, bool isWide = false)
    {
        List<string[]> rows = [s_head, .. resources.Select(Cells)];
        var widths = Enumerable.Range(0, s_head.Length - 1).Select(i => rows.Max(r => r[i].Length)).ToArray();
        var lines = new List<string> { Row(rows[0], widths) };
        foreach (var (status, cells) in resources.Zip(rows.Skip(1)))
        {
            lines.Add(Row(cells, widths));
            lines.AddRange(isWide ? Details(status) : RolloutLines.Pods(status.Progress).Select(p => $"  {p.Pod}: {p.Text}"));
            if (status.Warning is { } warning)
            {
                lines.Add($"  last warning, {warning}");
            }

            lines.AddRange(status.Additions.Select(a => $"  added by '{a.Owner}': {a.Path}"));
        }

        return lines;
    }

    /// <summary>The same for scripts; docs/operate.md has its shape.</summary>
    public static JsonArray Json(IReadOnlyList<ResourceStatus> resources) => new([.. resources.Select(r =>
    {
        var json = RolloutJson.Of(r.Progress);
        json["images"] = new JsonArray([.. r.Images.Select(i => (JsonNode)i)]);
        json["ageSeconds"] = r.Age is { } age ? (long)age.TotalSeconds : null;
        json["restarts"] = r.Restarts;
        json["lastWarning"] = r.Warning;
        json["addedByOthers"] =
            new JsonArray([.. r.Additions.Select(a => (JsonNode)new JsonObject { ["field"] = a.Path, ["by"] = a.Owner })]);
        return (JsonNode)json;
    })]);

    private static IEnumerable<string> Details(ResourceStatus status) =>
    [
        .. status.Images.Select(i => $"  image {i}"),
        .. status.Progress.Pods.Select(p => string.Create(
            CultureInfo.InvariantCulture,
            $"  {p.Name}  {(p.Place.Length == 0 ? "-" : p.Place)}  {p.Restarts} restarts  {RolloutLines.Reason(p)}")),
    ];

    private static string[] Cells(ResourceStatus status)
    {
        var progress = status.Progress;
        return
        [
            RolloutLines.Name(progress),
            progress.Wanted is { } wanted ? string.Create(CultureInfo.InvariantCulture, $"{progress.Ready ?? 0}/{wanted}") : "-",
            status.Images.Count == 0
                ? "-"
                : Short(status.Images[0]) + (status.Images.Count > 1 ? $" +{status.Images.Count - 1}" : ""),
            status.Age is { } age ? Ages.Of(age) : "-",
            status.Restarts.ToString(CultureInfo.InvariantCulture),
            progress.WaitsFor.Count == 0
                ? progress.Reason
                : $"{progress.Reason}, waits for {string.Join(", ", progress.WaitsFor)}",
        ];
    }

    // registry:5000/shop/server@sha256:0123456789ab…  to  server@0123456789ab
    private static string Short(string image)
    {
        var reference = ImageReference.Parse(image);
        var name = reference.Name[(reference.Name.LastIndexOf('/') + 1)..];
        var digest = reference.Digest?.Split(':')[^1];
        return digest is null
            ? $"{name}{(reference.Tag is null ? "" : ":" + reference.Tag)}"
            : $"{name}@{digest[..Math.Min(DigestDigits, digest.Length)]}";
    }

    private static string Row(string[] cells, int[] widths) =>
        string.Join("  ", cells.Select((c, i) => i < widths.Length ? c.PadRight(widths[i]) : c)).TrimEnd();
}
