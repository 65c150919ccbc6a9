using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Rollout;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// How results are written: as text, or as one JSON or YAML document on standard output with everything else on standard error.
/// </summary>
internal sealed class OutputOption : Option<string>
{
    private const string Text = "text";
    private const string Json = "json";
    private const string Yaml = "yaml";
    private const string Wide = "wide";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <param name="isWide">There is a wide form of the text.</param>
    public OutputOption(bool isWide = false)
        : base("--output", "-o")
    {
        string[] formats = isWide ? [Text, Wide, Json, Yaml] : [Text, Json, Yaml];
        Description = "How to write the result.";
        HelpName = string.Join('|', formats);
        DefaultValueFactory = _ => Text;
        this.AcceptOnly(formats);
    }

    /// <summary>Whether a document for programs is wanted.</summary>
    public bool IsStructured(CommandContext context) => context.Arguments.GetValue(this) is Json or Yaml;

    /// <summary>Whether all there is to say is wanted.</summary>
    public bool IsWide(CommandContext context) => context.Arguments.GetValue(this) == Wide;

    /// <summary>Where lines of text go.</summary>
    public TextWriter Console(CommandContext context) => IsStructured(context) ? context.Error : context.Output;

    /// <param name="isOneOfMany">Several follow each other: JSON is a line each, YAML is separated by <c>---</c>.</param>
    public Task WriteAsync(CommandContext context, JsonNode document, bool isOneOfMany = false) =>
        context.Arguments.GetValue(this) == Yaml
        ? context.Output.WriteAsync((isOneOfMany ? "---\n" : "") +
        YamlWriter.ToText(JsonNodes.ReadObject(Encoding.UTF8.GetBytes(document.ToJsonString()))))
        : context.Output.WriteLineAsync(document.ToJsonString(isOneOfMany ? null : s_json));
}

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
