using System.Globalization;
using MonoRepo.AppHost.Benchmarks;
using Spectre.Console;

// [runs] [monitoring]: starts the graph as a user would, waits until all is healthy, presses Ctrl-C; how long each took. With
// "monitoring", in turn with and without the programs that monitoring starts.
var runs = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
using var bare = args is [_, "monitoring"] ? new BarePath() : null;
(string Name, string? Path)[] sides = bare is null ? [("", null)] : [("with Prometheus, containers; ", null), ("without; ", bare.Folder)];
var table = new Table().Border(TableBorder.Markdown).AddColumns("run", "first line", "dashboard link", "all healthy", "stopped", "resources", "hints");
var measured = sides.ToDictionary(s => s.Name, _ => new List<StartUp>());
for (var run = 1; run <= runs; run++)
{
    foreach (var (name, path) in sides)
    {
        var startUp = await StartUp.MeasureAsync(path);
        measured[name].Add(startUp);
        Add($"{name}{run}", t => t(startUp), startUp);
    }
}

foreach (var (name, _) in sides)
{
    Add($"{name}median", t => measured[name].Select(t).Order().ElementAt(measured[name].Count / 2));
    Add($"{name}slowest", t => measured[name].Max(t));
}

AnsiConsole.Profile.Width = 150;
AnsiConsole.Write(table);

void Add(string name, Func<Func<StartUp, TimeSpan>, TimeSpan> pick, StartUp? one = null) => table.AddRow(
    name, Seconds(pick(s => s.FirstLine)), Seconds(pick(s => s.Link)), Seconds(pick(s => s.Healthy)), Seconds(pick(s => s.Stopped)),
    one is null ? "" : $"{one.Resources}", one is null ? "" : $"{one.Hints}");

static string Seconds(TimeSpan time) => $"{time.TotalSeconds:F1} s";
