using System.Xml.Linq;

namespace MonoRepo.Tests;

/// <summary>The arrows of ARCHITECTURE.md, read from the project files.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> AllowedArrows = new(StringComparer.Ordinal)
    {
        ["Hosting"] = [],
        ["Hosting.RedisCluster"] = ["Hosting"],
        ["Hosting.Monitoring"] = ["Hosting"],
        ["Hosting.Run"] = ["Hosting"],
        ["Hosting.Kubernetes"] = ["Deploy", "Hosting"],
        ["Deploy"] = [],
        ["Deployer"] = ["Deploy"],
        ["Hosting.App"] = ["Hosting", "Hosting.Kubernetes", "Hosting.Run"],
        ["Hosting.Testing"] = ["Hosting.App"],
    };

    [Fact]
    public void HostingProjectsReferenceOnlyWhatTheirArrowsAllow()
    {
        var arrows = new[] { "hosting", "deploy" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), References);

        Assert.Equal(AllowedArrows.Keys.Order(), arrows.Keys.Order());
        Assert.All(arrows, arrow => Assert.Equal(AllowedArrows[arrow.Key], arrow.Value));
    }

    [Fact]
    public void ServicesReferenceServiceDefaultsAndClientsLoadTesting()
    {
        var services = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) is { } name
                && (name.EndsWith(".Server.csproj", StringComparison.Ordinal) || name.EndsWith(".Client.csproj", StringComparison.Ordinal) || name.EndsWith(".Exporter.csproj", StringComparison.Ordinal)));

        Assert.All(services, path => Assert.Equal(["ServiceDefaults"], References(path).Except(["LoadTesting"])));
    }

    [Fact]
    public void DeployKnowsFilesOnly_NeverTheGraph()
    {
        var naming = Sources("deploy").Where(path => File.ReadAllText(path).Contains("Aspire.Hosting", StringComparison.Ordinal));

        Assert.Empty(naming.Select(path => Path.GetRelativePath(Repository.Root, path)));
    }

    [Theory]
    [InlineData("IsRunMode")]
    [InlineData("IsPublishMode")]
    public void NothingUnderHostingAsksForTheMode(string member)
    {
        var readers = Sources("hosting").Where(path => File.ReadAllText(path).Contains("." + member, StringComparison.Ordinal));

        Assert.Empty(readers.Select(path => Path.GetRelativePath(Repository.Root, path)));
    }

    [Theory]
    [InlineData("hosting/Hosting.Run")]
    [InlineData("hosting/Hosting.Kubernetes")]
    [InlineData("deploy/Deploy")]
    public void EnginesNeverNameRedis(string folder)
    {
        var naming = Sources(folder).Where(path => File.ReadAllText(path).Contains("redis", StringComparison.OrdinalIgnoreCase));

        Assert.Empty(naming.Select(path => Path.GetRelativePath(Repository.Root, path)));
    }

    [Theory]
    [InlineData("hosting/Hosting.Run")]
    public void TheRunEngineNeverNamesPrometheus(string folder)
    {
        var naming = Sources(folder).Where(path => File.ReadAllText(path).Contains("prometheus", StringComparison.OrdinalIgnoreCase));

        Assert.Empty(naming.Select(path => Path.GetRelativePath(Repository.Root, path)));
    }

    [Fact]
    public void TheGraphIsAtMostSixtyLinesWithoutBranches()
    {
        var lines = File.ReadAllLines(Repository.PathOf("AppHost", "Program.cs"));

        Assert.InRange(lines.Length, 1, 60);
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("if ", StringComparison.Ordinal));
    }

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));
}
