using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>The pages that alerts lead to.</summary>
public sealed class RunbookTests
{
    private static readonly string[] s_sections = ["## What it means", "## What to look at", "## What to do"];

    [Fact]
    public void EveryPublishedAlertHasAPageAndEveryPageAnAlert()
    {
        var alerts = YamlReader.ReadAll(File.ReadAllText(Repository.PathOf("k8s", "base", "monitoring.yaml"))).Cast<YamlMap>()
            .Where(o => o.Text("kind") == "PrometheusRule")
            .SelectMany(o => o.Map("spec")!.List("groups")!.Cast<YamlMap>())
            .SelectMany(g => g.List("rules")!.Cast<YamlMap>())
            .Select(r => r.Text("alert")).OfType<string>().Distinct().Order(StringComparer.Ordinal);

        var pages = Directory.GetFiles(
            Repository.PathOf("docs", "runbooks"), "*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);

        Assert.Equal(alerts, pages);
    }

    [Fact]
    public void EveryPageSaysWhatItMeansWhatToLookAtAndWhatToDo() =>
        Assert.All(Directory.GetFiles(Repository.PathOf("docs", "runbooks"), "*.md"), path =>
        {
            var text = File.ReadAllText(path);
            Assert.StartsWith($"# {Path.GetFileNameWithoutExtension(path)}\n", text, StringComparison.Ordinal);
            Assert.All(s_sections, section => Assert.Contains(section, text, StringComparison.Ordinal));
        });
}
