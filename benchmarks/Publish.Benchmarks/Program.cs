using System.Diagnostics;
using System.Globalization;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Overlays;
using MonoRepo.Publish.Benchmarks;
using Spectre.Console;
using Layout = MonoRepo.Deploy.Rendering.Layout;

// publish <services> <folder>: what one measured process does.
if (args is ["publish", var count, var target])
{
    var model = GeneratedGraph.Create(int.Parse(count, CultureInfo.InvariantCulture));
    var watch = Stopwatch.StartNew();
    var tree = Publication.Build(model);
    var built = watch.Elapsed;
    OwnedFiles.Write(target, tree);
    Console.WriteLine(
        $"{watch.Elapsed.TotalSeconds:F2} s, of which {built.TotalSeconds:F2} s until the first file; " +
        $"{tree.Generated.Count} files");
    return 0;
}

// render <folder>: so is this.
if (args is ["render", var folder])
{
    var watch = Stopwatch.StartNew();
    var rendered = new Renderer(ManifestTree.Open(folder)).Render("prod");
    Console.WriteLine($"{watch.Elapsed.TotalSeconds:F2} s for {rendered.Objects.Count} objects");
    return 0;
}

// [services] [publish|jsonnet|kustomize|all] [limit of a step in seconds]
var services = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 1000;
var only = args is [_, var step, ..] ? step : "all";
var limit = TimeSpan.FromSeconds(args is [_, _, var seconds] ? int.Parse(seconds, CultureInfo.InvariantCulture) : 900);
var work = Directory.CreateTempSubdirectory("monorepo-publish-benchmark-").FullName;
var table = new Table().Border(TableBorder.Markdown).AddColumns(
    "what", "services", "time", "processor time", "peak memory", "notes");
try
{
    if (only is "all" or "publish")
    {
        await Publish();
    }

    if (only is "all" or "jsonnet")
    {
        await RunJsonnet();
    }

    if (only is "all" or "kustomize")
    {
        await Kustomize();
    }

    AnsiConsole.Profile.Width = 250; // a row is a line, in a file as well
    AnsiConsole.Write(table);
    return 0;
}
finally
{
    Directory.Delete(work, recursive: true);
}

async Task Publish()
{
    foreach (var (what, size) in new[]
    {
        ("publish", services),
        ("publish again, nothing changed", services),
        ("publish", services * 10),
    })
    {
        Add($"{what}, 4 environments", size, await Run(Path.Combine(
            AppContext.BaseDirectory, "Publish.Benchmarks"), "publish", $"{size}", $"published-{size}"), r => r.Output.Trim());
    }
}

async Task RunJsonnet()
{
    File.WriteAllText(Path.Combine(work, "services.jsonnet"), Jsonnet.Program(services));
    Directory.CreateDirectory(Path.Combine(work, "jsonnet"));
    Add("jsonnet, 4 environments", services, await Run("jsonnet", "-m", "jsonnet", "services.jsonnet"), _ => "");
}

async Task Kustomize()
{
    var root = Path.Combine(work, "k8s");
    OwnedFiles.Write(root, Publication.Build(GeneratedGraph.Create(services)));
    var overlay = Path.Combine(root, Layout.Overlay("prod"));
    Add("kubectl kustomize, 1 environment, no pins", services, await Run(
        "kubectl", "kustomize", overlay), r => $"{r.Output.Length >> 20} MiB of YAML");
    var pins = new ImagePins();
    for (var i = 0; i < services; i++)
    {
        pins.Set(GeneratedGraph.Name(i), $"sha256:{i:x64}");
    }

    pins.Write(root, "prod");
    Add("kubectl kustomize, 1 environment, a pin each", services, await Run(
        "kubectl", "kustomize", overlay), r => $"{r.Output.Length >> 20} MiB of YAML");
    Add("render (ours), 1 environment, a pin each", services, await Run(
        Path.Combine(AppContext.BaseDirectory, "Publish.Benchmarks"), "render", root), r => r.Output.Trim());
}

Task<Measured> Run(string program, params string[] arguments) => Measured.RunAsync(limit, work, program, arguments);

void Add(string what, int size, Measured measured, Func<Measured, string> notes)
{
    var time = measured.ExitCode is null ? $"more than {limit.TotalSeconds} s" : $"{measured.Elapsed.TotalSeconds:F1} s";
    var processor = $"{measured.Processor.TotalSeconds:F1} s";
    var note = measured.ExitCode switch { null => "", 0 => notes(measured), _ => measured.Error.Split('\n')[0] };
    table.AddRow(what, $"{size}", time, processor, $"{measured.PeakMegabytes:F0} MB", Markup.Escape(note));
    Console.Error.WriteLine($"{what} ({size}): {time}, {processor} of processor, {measured.PeakMegabytes:F0} MB");
}
