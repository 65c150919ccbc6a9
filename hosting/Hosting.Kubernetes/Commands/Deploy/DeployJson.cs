using System.Text.Json.Nodes;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Results of commands as documents; objects are named as kubectl names them (<c>deployment.apps/server</c>).</summary>
internal static class DeployJson
{
    public static JsonObject Create(EnvironmentTarget target, ApplyResult result, RolloutResult? rollout) => Create(target, new()
    {
        ["created"] = Names(result.Created),
        ["changed"] = Names(result.Changed),
        ["unchanged"] = Names(result.Unchanged),
        ["deleted"] = Names(result.Deleted),
        ["kept"] = Names(result.Kept),
        ["skipped"] = Names(result.Skipped),
        ["addedByOthers"] = new JsonArray([.. result.Additions.Select(a => (JsonNode)a.ToString())]),
        ["leftovers"] = new JsonArray([.. result.Leftovers.Select(l => (JsonNode)l.ToString())]),
        ["ready"] = result.IsReady,
        ["rollout"] = rollout is null ? null : RolloutJson.Of(rollout),
    });

    /// <summary>The fields, after those that say where it was.</summary>
    public static JsonObject Create(EnvironmentTarget target, JsonObject fields)
    {
        fields.Insert(0, "namespace", target.Cluster.Namespace);
        fields.Insert(0, "context", target.Cluster.Context);
        fields.Insert(0, "environment", target.Environment);
        return fields;
    }

    public static JsonArray Names(IEnumerable<ObjectKey> keys) => [.. keys.Select(k => JsonValue.Create(k.ToString()))];
}
