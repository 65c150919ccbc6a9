using System.Text.Json;

namespace MonoRepo.Playbooks.Dashboards;

/// <summary>A dashboard of the graph in Grafana's JSON, as far as it is shown here.</summary>
internal sealed record Dashboard(string Uid, string Title, List<Panel> Panels);

/// <summary>A panel: <c>timeseries</c>, <c>stat</c>, <c>table</c>; a <c>row</c> is the title of those that follow.</summary>
internal sealed record Panel(
    string Type,
    string Title,
    FieldConfig? FieldConfig = null,
    List<PanelQuery>? Targets = null,
    List<Transformation>? Transformations = null)
{
    public string Unit => FieldConfig?.Defaults?.Unit ?? "short";

    /// <summary>How columns of a table are called that the queries call otherwise.</summary>
    public IReadOnlyDictionary<string, string> ColumnNames =>
        Transformations?.Find(transformation => transformation.Options?.RenameByName is not null)?.Options!.RenameByName ?? [];

    public string UnitOf(string column) =>
        FieldConfig?.Overrides?.Find(one => one.Matcher.Options == column)?
            .Properties.Find(one => one.Id == "unit")?.Value.GetString() ?? Unit;
}

internal sealed record FieldConfig(FieldDefaults? Defaults, List<FieldOverride>? Overrides = null);

internal sealed record FieldDefaults(string? Unit);

internal sealed record FieldOverride(FieldMatcher Matcher, List<FieldProperty> Properties);

internal sealed record FieldMatcher(string Id, string Options);

internal sealed record FieldProperty(string Id, JsonElement Value);

internal sealed record Transformation(string Id, TransformationOptions? Options);

internal sealed record TransformationOptions(Dictionary<string, string>? RenameByName);

internal sealed record PanelQuery(string RefId, string Expr, string LegendFormat = "");

/// <summary>The dashboards, read each time: a mounted folder changes while the process runs.</summary>
internal sealed class DashboardFolder(string? path)
{
    public IReadOnlyList<string> Names => Directory.Exists(path)
        ? [.. from file in Directory.GetFiles(path, "*.json")
              orderby Path.GetFileNameWithoutExtension(file)
              select Path.GetFileNameWithoutExtension(file)]
        : [];

    /// <summary>The dashboard of a name that is among <see cref="Names"/>; no other path is ever read.</summary>
    public Dashboard? Find(string name) => Names.Contains(name)
        ? JsonSerializer.Deserialize<Dashboard>(File.ReadAllText(Path.Combine(path!, $"{name}.json")), JsonSerializerOptions.Web)
        : null;
}
