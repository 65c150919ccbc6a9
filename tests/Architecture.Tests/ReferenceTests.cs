namespace MonoRepo.Tests;

/// <summary>The arrows of ARCHITECTURE.md, read from the project files.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Deploy"] = [],
        ["Deployer"] = ["Deploy"],
        ["Hosting"] = [],
        ["Hosting.Kubernetes"] = ["Deploy", "Hosting"],
        ["Hosting.Monitoring"] = ["Hosting"],
        ["Hosting.RedisCluster"] = ["Hosting"],
    };

    [Fact]
    public void HostingAndDeploy_ReferenceOnlyWhatTheirArrowsAllow()
    {
        var references = SourceTree.Projects
            .Where(project => project.StartsWith("hosting/", StringComparison.Ordinal)
            || project.StartsWith("deploy/", StringComparison.Ordinal))
            .ToDictionary(project =>
                Path.GetFileNameWithoutExtension(project), project => SourceTree.Included(project, "ProjectReference"));

        Assert.Equal(s_allowed.Keys.Order(StringComparer.Ordinal), references.Keys.Order(StringComparer.Ordinal));
        Assert.All(references, reference => Assert.Equal(s_allowed[reference.Key], reference.Value));
    }

    /// <summary>It starts from files: a deployment by other tools ends in the same objects.</summary>
    [Fact]
    public void Deploy_DoesNotKnowTheGraph() =>
        Assert.DoesNotContain(SourceTree.Included("deploy/Deploy/Deploy.csproj", "PackageReference"), package =>
            package.StartsWith("Aspire.", StringComparison.Ordinal));

    [Fact]
    public void Services_ReferenceServiceDefaults_AndClientsLoadTesting()
    {
        var services = SourceTree.Projects.Where(project =>
            project.EndsWith(".Server.csproj", StringComparison.Ordinal)
            || project.EndsWith(".Client.csproj", StringComparison.Ordinal)
            || project.EndsWith(".Exporter.csproj", StringComparison.Ordinal)
            || project is "Notifier/Notifier.csproj" or "Playbooks/Playbooks.csproj");

        Assert.All(services, project =>
            Assert.Equal(["ServiceDefaults"], SourceTree.Included(project, "ProjectReference").Except(["LoadTesting"])));
    }

    [Fact]
    public void AppHost_StandsOnOfficialPackagesAndOurIntegrations()
    {
        string[] services = ["Notifier", "Playbooks", "Redis.Exporter", "RouteGuide.Client", "RouteGuide.Server", "Todo.Server"];

        Assert.Equal(
            ["Hosting.Kubernetes", "Hosting.Monitoring", "Hosting.RedisCluster"],
            SourceTree.Included("AppHost/AppHost.csproj", "ProjectReference").Except(services));
        Assert.All(SourceTree.Included("AppHost/AppHost.csproj", "PackageReference"), package =>
            Assert.StartsWith("Aspire.Hosting", package, StringComparison.Ordinal));
    }

    /// <summary>A resource states facts as annotations; what acts on them knows no product.</summary>
    [Theory]
    [InlineData("hosting/Hosting/Run", "redis")]
    [InlineData("hosting/Hosting/Run", "prometheus")]
    [InlineData("hosting/Hosting.Kubernetes", "redis")]
    [InlineData("deploy", "redis")]
    public void Engines_NeverNameAProduct(string folder, string product) =>
        Assert.DoesNotContain(
            SourceTree.Sources(folder), file => SourceTree.Read(file).Contains(product, StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Graph_IsAtMostSixtyLinesWithoutBranches()
    {
        var lines = File.ReadAllLines(Repository.PathOf("AppHost", "Program.cs"));

        Assert.InRange(lines.Length, 1, 60);
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("if ", StringComparison.Ordinal));
    }
}
