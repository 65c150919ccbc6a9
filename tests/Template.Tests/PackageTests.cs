using System.IO.Compression;
using System.Xml.Linq;

namespace MonoRepo.Tests;

/// <summary>What another team does with the packages, in an empty directory.</summary>
public sealed class PackageTests(PackedRepository packed) : IClassFixture<PackedRepository>
{
    [SlowFact]
    public async Task FreshRepository_FromTheTemplate_RunsIsTestedAndPublished()
    {
        var (exit, output) = await packed.CreateAsync(packed.Work, "monorepo", "Shop");
        Assert.True(exit == 0, output);
        var root = Path.Combine(packed.Work, "Shop");
        await CommandLine.OkAsync(root, "dotnet", "build", "-v", "q", "--nologo");

        var run = await AppHostAsync("run", "--wait", "--exit");
        Assert.Matches(@"greeter-server\S*\s+Running\s+Healthy", run);

        var test = await CommandLine.OkAsync(root, "dotnet", "test", "--no-build");
        Assert.Contains("succeeded: 2", test, StringComparison.Ordinal);

        await AppHostAsync("publish");
        await AppHostAsync("publish", "--check");
        foreach (var environment in new[] { "personal", "dev", "prod" })
        {
            var manifests = await CommandLine.OkAsync(root, "kubectl", "kustomize", $"k8s/overlays/{environment}");
            Assert.Contains("name: greeter-server", manifests, StringComparison.Ordinal);
            await Tools.ValidateAsync(manifests);
        }

        // What builds images came along.
        Assert.True(File.Exists(Path.Combine(root, "AppHost", "bin", "Debug", "net10.0", "Images", "Assets", "ImageBuild.proj")));

        Task<string> AppHostAsync(params string[] arguments) =>
            CommandLine.OkAsync(root, "dotnet", ["run", "--project", "AppHost", "--no-build", "--", .. arguments]);
    }

    [Theory]
    [InlineData("monorepo", "my-shop")]
    [InlineData("monorepo-service", "AbcdefghijAbcdefghijAbcdefghijAbcdefghijAbcdefghijAbcdefghij")]
    public async Task Template_BadName_WritesNothing(string template, string name)
    {
        var empty = Directory.CreateDirectory(Path.Combine(packed.Work, $"{template}-{name}"));

        var (exit, output) = await packed.CreateAsync(empty.FullName, template, name);

        Assert.NotEqual(0, exit);
        Assert.Contains("A bad name: nothing was written.", output, StringComparison.Ordinal);
        Assert.Contains("a capital letter, then up to 49 letters and digits", output, StringComparison.Ordinal);
        Assert.Empty(empty.EnumerateFiles("*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("MonoRepo.Aspire.Hosting.Kustomize")]
    [InlineData("MonoRepo.Aspire.Hosting.Monitoring")]
    [InlineData("MonoRepo.Aspire.Hosting.RedisCluster")]
    [InlineData("MonoRepo.Deploy", "buildTransitive/MonoRepo.Deploy.targets", "buildTransitive/Images/Assets/ImageBuild.proj")]
    [InlineData("MonoRepo.Hosting", "buildTransitive/MonoRepo.Hosting.targets")]
    [InlineData("MonoRepo.ServiceDefaults")]
    public void Package_Files_AreComplete(string package, params string[] files)
    {
        using var archive = ZipFile.OpenRead(packed.PathOf(package));
        var entries = archive.Entries.Select(e => e.FullName).ToArray();

        Assert.All(["icon.png", .. files], file => Assert.Contains(file, entries));
        var assembly = Assert.Single(entries, e => e.EndsWith(".dll", StringComparison.Ordinal));
        Assert.Contains(Path.ChangeExtension(assembly, ".xml"), entries);

        // NuGet imports nothing whose name isn't the package's.
        Assert.All(entries.Where(e => Path.GetDirectoryName(e) == "buildTransitive"),
            e => Assert.Equal(package, Path.GetFileNameWithoutExtension(e)));

        using var readme = new StreamReader(archive.GetEntry("README.md")!.Open());
        var text = readme.ReadToEnd();
        Assert.StartsWith($"# {package}\n", text, StringComparison.Ordinal);
        Assert.Contains(" | effect |\n", text, StringComparison.Ordinal);

        var metadata = XDocument.Load(archive.GetEntry($"{package}.nuspec")!.Open()).Root!.Elements().Single();
        Assert.Equal("MIT", metadata.Elements().Single(e => e.Name.LocalName == "license").Value);

        using var symbols = ZipFile.OpenRead(packed.PathOf(package, "snupkg"));
        Assert.Contains(symbols.Entries, e => e.FullName == Path.ChangeExtension(assembly, ".pdb"));
    }

    [Fact]
    public void RepositoryTemplate_Versions_AreThoseOfThisRepository()
    {
        var here = Versions(Repository.PathOf("Directory.Packages.props"));
        var template = Versions(Repository.PathOf("templates", "repository", "Directory.Packages.props"));

        Assert.All(template.Where(p => p.Value != "$(MonoRepoVersion)"), p => Assert.Equal(here[p.Key], p.Value));

        static Dictionary<string, string> Versions(string file) => XDocument.Load(file).Descendants("PackageVersion")
            .ToDictionary(p => p.Attribute("Include")!.Value, p => p.Attribute("Version")!.Value);
    }
}
