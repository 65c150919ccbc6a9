using System.Text.Json.Nodes;

namespace MonoRepo.Deploy.Rollout;

/// <summary>The result of waiting for scripts; docs/operate.md has its shape.</summary>
internal static class RolloutJson
{
    /// <summary><c>{"outcome": "ready", "seconds": 12.3, "resources": […], "failure": {…}}</c>.</summary>
    public static JsonObject Of(RolloutResult result) => new()
    {
        ["outcome"] = result.Outcome switch
        {
            RolloutOutcome.Ready => "ready",
            RolloutOutcome.Failed => "failed",
            _ => "timedOut"
        },
        ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 1),
        ["resources"] = new JsonArray([.. result.Tree.Resources.Select(Of)]),
        ["failure"] = result.Failure is not { } failure ? null : new JsonObject
        {
            ["resource"] = RolloutLines.Name(failure.Resource),
            ["pod"] = failure.Pod?.Name,
            ["container"] = failure.Pod?.Container,
            ["reason"] = failure.Pod?.Reason ?? failure.Resource.Reason,
            ["addedByOthers"] = Texts(failure.Additions.Select(a => $"{a.Path} by {a.Owner}")),
            ["events"] = Texts(failure.Events),
            ["log"] = Texts(failure.Log),
        },
    };

    public static JsonObject Of(ResourceProgress resource) => new()
    {
        ["resource"] = resource.Resource,
        ["kind"] = resource.Kind,
        ["name"] = resource.Name,
        ["state"] = resource.State.ToString().ToLowerInvariant(),
        ["wanted"] = resource.Wanted,
        ["ready"] = resource.Ready,
        ["reason"] = resource.Reason,
        ["waitsFor"] = Texts(resource.WaitsFor),
        ["pods"] = new JsonArray([.. resource.Pods.Select(p => (JsonNode)new JsonObject
        {
            ["name"] = p.Name,
            ["ready"] = p.IsReady,
            ["reason"] = p.Reason,
            ["container"] = p.Container,
            ["restarts"] = p.Restarts,
            ["old"] = p.IsOld,
        })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
