namespace MonoRepo.Hosting.Monitoring.Grafana;

/// <summary>
/// Puts panels into rows, three side by side, and numbers them; the order is the only thing that positions follow from.
/// </summary>
internal sealed class DashboardLayout
{
    private const int Columns = 24;
    private const int Width = 8;
    private const int GraphHeight = 8;
    private readonly List<Panel> _panels = [];
    private int _x;
    private int _y;
    private int _rowHeight;

    public IReadOnlyList<Panel> Panels => _panels;

    /// <summary>A row of graphs.</summary>
    public DashboardLayout Row(string title, IEnumerable<DashboardPanel> panels)
    {
        Title(title);
        foreach (var panel in panels)
        {
            Add("timeseries", panel, Width, GraphHeight);
        }

        return this;
    }

    /// <summary>A row of numbers.</summary>
    public DashboardLayout Numbers(string title, IEnumerable<DashboardPanel> panels)
    {
        Title(title);
        foreach (var panel in panels)
        {
            Add("stat", panel, Width, GraphHeight / 2);
        }

        return this;
    }

    /// <summary>A row with one table: a line for each combination of labels, a column for each panel.</summary>
    public DashboardLayout Table(string title, IReadOnlyDictionary<string, string> labels, IReadOnlyList<DashboardPanel> columns)
    {
        Title(title);
        var refIds = columns.Select((_, index) => $"{(char)('A' + index)}").ToList();
        _panels.Add(new(
            _panels.Count + 1,
            "table",
            title,
            new(0, _y, Columns, GraphHeight),
            Datasource: PanelDataSource.Prometheus,
            FieldConfig: new(new("short"))
            {
                Overrides = [.. columns.Select(column => FieldOverride.Unit(column.Title, column.Unit))],
            },
            Targets: [.. columns.Select(
                (column, index) => new Target(refIds[index], column.Expression, "") { Format = "table", Instant = true })],
            Transformations:
            [
                new("merge", new()),
                new("organize", new(
                    new Dictionary<string, bool> { ["Time"] = true },
                    labels.Concat(columns.Select((column, index) => KeyValuePair.Create($"Value #{refIds[index]}", column.Title)))
                        .ToDictionary())),
            ]));
        _rowHeight = GraphHeight;
        return this;
    }

    private void Title(string title)
    {
        Break();
        _panels.Add(new(_panels.Count + 1, "row", title, new(0, _y, Columns, 1), Collapsed: false, Panels: []));
        _y++;
    }

    private void Add(string type, DashboardPanel panel, int width, int height)
    {
        if (_x + width > Columns)
        {
            Break();
        }

        // A rate and a ratio have a floor: without it a flat line looks like a cliff.
        _panels.Add(new(
            _panels.Count + 1,
            type,
            panel.Title,
            new(_x, _y, width, height),
            Datasource: PanelDataSource.Prometheus,
            FieldConfig: new(new(panel.Unit, Min: type == "timeseries" ? 0 : null)),
            Targets: [new("A", panel.Expression, panel.Legend)
            {
                Exemplar = panel.Expression.Contains("_bucket", StringComparison.Ordinal) ? true : null,
            }]));
        _x += width;
        _rowHeight = Math.Max(_rowHeight, height);
    }

    private void Break()
    {
        _y += _rowHeight;
        (_x, _rowHeight) = (0, 0);
    }
}
