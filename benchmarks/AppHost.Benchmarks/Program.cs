using System.Globalization;
using MonoRepo.AppHost.Benchmarks;
using Spectre.Console;

// [runs]: starts the graph as a user would, waits until all is healthy, presses Ctrl-C; how long each took.
var runs = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
var table = new Table().Border(TableBorder.Markdown).AddColumns("run", "first line", "dashboard link", "all healthy", "stopped");
var measured = new List<StartUp>();
for (var run = 1; run <= runs; run++)
{
    var startUp = await StartUp.MeasureAsync();
    measured.Add(startUp);
    Add($"{run}", t => t(startUp));
}

Add("median", t => measured.Select(t).Order().ElementAt(measured.Count / 2));
Add("slowest", t => measured.Max(t));
AnsiConsole.Profile.Width = 120;
AnsiConsole.Write(table);

void Add(string name, Func<Func<StartUp, TimeSpan>, TimeSpan> pick) =>
    table.AddRow(name, Seconds(pick(s => s.FirstLine)), Seconds(pick(s => s.Link)), Seconds(pick(s => s.Healthy)), Seconds(pick(s => s.Stopped)));

static string Seconds(TimeSpan time) => $"{time.TotalSeconds:F1} s";
