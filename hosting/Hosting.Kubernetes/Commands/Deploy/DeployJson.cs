using System.Text.Json;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rollout;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Results of deploying verbs as JSON; objects are named as kubectl names them (<c>deployment.apps/server</c>).</summary>
internal static class DeployJson
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static string Of(DeployPlace place, ApplyResult result, RolloutResult? rollout) => Text(place, new()
    {
        ["created"] = Names(result.Created),
        ["changed"] = Names(result.Changed),
        ["unchanged"] = Names(result.Unchanged),
        ["deleted"] = Names(result.Deleted),
        ["kept"] = Names(result.Kept),
        ["ready"] = result.IsReady,
        ["rollout"] = rollout is null ? null : RolloutJson.Of(rollout),
    });

    public static string Text(DeployPlace place, JsonObject fields)
    {
        fields.Insert(0, "namespace", place.Target.Namespace);
        fields.Insert(0, "context", place.Target.Context);
        fields.Insert(0, "environment", place.Environment);
        return fields.ToJsonString(s_indented);
    }

    public static JsonArray Names(IEnumerable<ObjectKey> keys) => [.. keys.Select(k => JsonValue.Create(k.ToString()))];
}
