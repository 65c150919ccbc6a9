using System.Globalization;
using MonoRepo.AppHost.Benchmarks;
using MonoRepo.Tests;
using Spectre.Console;

// [runs] [name=folder of an AppHost]… [-- arguments of run]: starts each in turn as a user would, waits until all is healthy,
// presses Ctrl+C.
var separator = Array.IndexOf(args, "--");
string[] own = separator < 0 ? args : args[..separator];
string[] arguments = separator < 0 ? [] : args[(separator + 1)..];
var runs = own is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
var sides = own.Skip(1).Select(s => s.Split('=', 2)).Select(s => (Name: s[0], Folder: Path.GetFullPath(s[1]))).ToList();
if (sides.Count == 0)
{
    sides = [("AppHost", Repository.PathOf("AppHost")), ("plain Aspire", Repository.PathOf("benchmarks", "PlainAppHost"))];
}

var table = new Table().Border(TableBorder.Markdown)
    .AddColumns(
        "AppHost", "run", "dashboard link", "all healthy", "CPU until then", "command returned", "graph gone", "nothing left");
var measured = sides.ToDictionary(s => s.Name, _ => new List<StartUp>());
for (var run = 1; run <= runs; run++)
{
    foreach (var (name, folder) in sides)
    {
        var startUp = await StartUp.MeasureAsync(folder, arguments);
        measured[name].Add(startUp);
        Add(name, $"{run}", t => t(startUp));
    }
}

foreach (var (name, startUps) in measured)
{
    Add(name, "median", t => startUps.Select(t).Order().ElementAt(startUps.Count / 2));
    Add(name, "greatest", t => startUps.Max(t));
}

AnsiConsole.Profile.Width = 150;
AnsiConsole.Write(table);

void Add(string name, string run, Func<Func<StartUp, TimeSpan>, TimeSpan> pick) => table.AddRow(
    name, run, Seconds(pick(s => s.Link)), Seconds(pick(s => s.Healthy)), Seconds(pick(s => s.Cpu)),
    Seconds(pick(s => s.Stopped)),
    Seconds(pick(s => s.GraphGone)), Seconds(pick(s => s.NothingLeft)));

static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");
