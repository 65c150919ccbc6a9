using System.Text.Json.Serialization;

namespace MonoRepo.Hosting.Monitoring.Grafana;

/// <summary>A dashboard in Grafana's JSON, as far as it is used here; what is not said has Grafana's default.</summary>
internal sealed record Dashboard(
    string Uid,
    string Title,
    IReadOnlyList<string> Tags,
    IReadOnlyList<DashboardLink> Links,
    IReadOnlyList<Panel> Panels,
    AnnotationList? Annotations = null)
{
    /// <summary>The variable by which a person chooses the data source.</summary>
    public const string DataSource = "${datasource}";

    /// <summary>What Grafana 11 writes; later ones read it and migrate by themselves.</summary>
    public int SchemaVersion { get; } = 39;

    public bool Editable { get; } = true;

    public string Refresh { get; } = "30s";

    public string Timezone { get; } = "browser";

    public TimeRange Time { get; } = new("now-1h", "now");

    public Templating Templating { get; } = new([new("datasource", "datasource", "prometheus", "Data source")]);
}

internal sealed record AnnotationList(IReadOnlyList<AnnotationQuery> List);

/// <summary>Annotations on all panels, from a query whose values are timestamps in milliseconds.</summary>
internal sealed record AnnotationQuery(string Name, string Expr, string TitleFormat, string TextFormat, string TagKeys)
{
    public PanelDataSource Datasource { get; } = PanelDataSource.Prometheus;

    public bool Enable { get; } = true;

    public string IconColor { get; } = "yellow";

    public bool UseValueForTime { get; } = true;
}

internal sealed record TimeRange(string From, string To);

internal sealed record Templating(IReadOnlyList<TemplateVariable> List);

internal sealed record TemplateVariable(string Name, string Type, string Query, string Label);

/// <summary>A link at the top of a dashboard to others, by tag.</summary>
internal sealed record DashboardLink(string Title, IReadOnlyList<string> Tags)
{
    public string Type { get; } = "dashboards";

    public bool AsDropdown { get; } = true;

    public bool IncludeVars { get; } = true;

    public bool KeepTime { get; } = true;
}

/// <summary>A panel, or the title of a row.</summary>
internal sealed record Panel(
    int Id,
    string Type,
    string Title,
    GridPosition GridPos,
    string? Description = null,
    PanelDataSource? Datasource = null,
    FieldConfig? FieldConfig = null,
    IReadOnlyList<Target>? Targets = null,
    bool? Collapsed = null,
    IReadOnlyList<Panel>? Panels = null,
    IReadOnlyList<Transformation>? Transformations = null);

internal sealed record GridPosition(int X, int Y, int W, int H);

internal sealed record PanelDataSource(string Type, string Uid)
{
    public static PanelDataSource Prometheus { get; } = new("prometheus", Dashboard.DataSource);
}

internal sealed record FieldConfig(FieldDefaults Defaults)
{
    public IReadOnlyList<FieldOverride> Overrides { get; init; } = [];
}

/// <summary>Settings of the one column with a name.</summary>
internal sealed record FieldOverride(FieldMatcher Matcher, IReadOnlyList<FieldProperty> Properties)
{
    public static FieldOverride Unit(string column, string unit) => new(new("byName", column), [new("unit", unit)]);
}

internal sealed record FieldMatcher(string Id, string Options);

internal sealed record FieldProperty(string Id, string Value);

/// <summary>What is done with the answers before they are shown.</summary>
internal sealed record Transformation(string Id, TransformationOptions Options);

internal sealed record TransformationOptions(
    IReadOnlyDictionary<string, bool>? ExcludeByName = null, IReadOnlyDictionary<string, string>? RenameByName = null);

internal sealed record FieldDefaults(
    string Unit,
    [property: JsonPropertyName("min")] double? Min = null,
    [property: JsonPropertyName("max")] double? Max = null);

/// <summary>A query.</summary>
internal sealed record Target(string RefId, string Expr, string LegendFormat)
{
    public bool? Exemplar { get; init; }

    public string? Format { get; init; }

    public bool? Instant { get; init; }
}
