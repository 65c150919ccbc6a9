using System.Text.Json.Nodes;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>
/// Objects that were applied with kubectl, or by something that does what it does, become ours with all that was applied: the
/// fields of those managers are put together with those of our own. Fields that are no longer wanted then go with the next apply,
/// as they would have gone with the next of kubectl's. What people set one by one (<c>kubectl edit</c>, <c>kubectl set</c>) stays
/// theirs.
/// </summary>
internal static class OwnershipMigration
{
    // Client-side apply writes as an update; server-side apply of kubectl (and of `aspirate apply`) under the program's name.
    private static readonly (string Manager, string Operation)[] s_managers =
        [("kubectl-client-side-apply", "Update"), (
            "kubectl", "Apply"), ("before-first-apply", "Update"), ("before-first-apply", "Apply")];

    /// <summary>Whether an entry of <c>managedFields</c> is of an apply that ours takes the place of.</summary>
    public static bool IsMigrated(YamlMap entry) =>
        string.IsNullOrEmpty(entry.Text("subresource"))
        && s_managers.Contains((entry.Text("manager") ?? "", entry.Text("operation") ?? ""));

    /// <summary>The patch that makes an object ours; null: nothing is to be done.</summary>
    public static ObjectPatch? PatchFor(YamlMap live)
    {
        var entries = (live.Map("metadata")?.List("managedFields") ?? []).OfType<YamlMap>().ToList();
        if (!entries.Exists(IsMigrated))
        {
            return null;
        }

        var ours = entries.Find(e => e.Text("manager") == ApplyOptions.FieldManager && e.Text("operation") == "Apply");
        var fields = new YamlMap();
        foreach (var entry in entries.Where(e => e == ours || IsMigrated(e)))
        {
            Union(fields, entry.Map("fieldsV1") ?? []);
        }

        var merged = (YamlMap)(ours ?? entries.First(IsMigrated)).Clone();
        merged["manager"] = new YamlScalar(ApplyOptions.FieldManager);
        merged["operation"] = new YamlScalar("Apply");
        merged["fieldsV1"] = fields;
        var left = new YamlList([.. entries.Where(e => e != ours && !IsMigrated(e)), merged]);

        // The version says which object was looked at: where somebody changed it since, the patch is refused.
        var version = live.Map("metadata")!.Text("resourceVersion");
        return new(
            new JsonArray(
                new JsonObject
                {
                    ["op"] = "replace",
                    ["path"] = "/metadata/managedFields",
                    ["value"] = JsonNode.Parse(JsonNodes.Write(left)),
                },
                new JsonObject { ["op"] = "replace", ["path"] = "/metadata/resourceVersion", ["value"] = version })
                    .ToJsonString(),
            "json");
    }

    private static void Union(YamlMap into, YamlMap fields)
    {
        foreach (var (step, below) in fields)
        {
            if (into.Map(step) is { } known)
            {
                Union(known, (YamlMap)below);
            }
            else
            {
                into.Add(step, below.Clone());
            }
        }
    }
}
