using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class ProjectTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("project-").FullName;

    [Fact]
    public async Task ALaunchProfileGivesEndpointsVariablesAndArguments()
    {
        Write("Properties/launchSettings.json", """
            {
              // the first that starts the project
              "profiles": {
                "IIS": { "commandName": "IISExpress" },
                "http": {
                  "commandName": "Project",
                  "commandLineArgs": "--seed \"two words\" a\\\"b",
                  "applicationUrl": "http://localhost:5010;http://localhost:5011;https://localhost:7010",
                  "environmentVariables": { "COLOR": "blue", "SHAPE": "round" },
                },
                "other": { "commandName": "Project", "applicationUrl": "http://localhost:6000" }
              }
            }
            """);
        var project = Add().WithEnvironment("SHAPE", "square");
        Assert.Equal([("http", 5010), ("http2", 5011), ("https", 7010)], project.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => (e.Name, e.Port ?? 0)));
        Assert.All(project.Resource.Annotations.OfType<EndpointAnnotation>(), e => Assert.True(e.IsFromLaunchSettings()));

        Graph.Allocate(project, 1000);
        var environment = await Graph.EnvironmentOf(project);
        Assert.Equal("http://localhost:<port of http>;http://localhost:<port of http2>;https://localhost:<port of https>", environment["ASPNETCORE_URLS"]);
        Assert.Equal("1002", environment["ASPNETCORE_HTTPS_PORT"]);
        Assert.Equal(("blue", "square", "http"), (environment["COLOR"], environment["SHAPE"], environment["DOTNET_LAUNCH_PROFILE"]));
        Assert.Equal(["--seed", "two words", "a\"b", "--own"], await Graph.ArgumentsOf(project.WithArgs("--own")));
    }

    [Fact]
    public void AProfileCanBeChosenOrLeftOut()
    {
        Write("Properties/launchSettings.json", """{ "profiles": { "a": { "commandName": "Project", "applicationUrl": "http://localhost:1" }, "b": { "commandName": "Project", "applicationUrl": "https://localhost:2" } } }""");
        Assert.Equal(["https"], Endpoints(Add("b")));
        Assert.Empty(Endpoints(Add(null)));
        var fault = Assert.Throws<DistributedApplicationException>(() => Add("c"));
        Assert.EndsWith("It has: a, b.", fault.Message);
        var builder = Graph.Create("--AppHost:DefaultLaunchProfileName=b");
        Assert.Equal(["https"], Endpoints(builder.AddProject("p", Path.Combine(_folder, "P.csproj"))));
    }

    [Fact]
    public async Task KestrelSettingsComeBeforeTheLaunchProfile()
    {
        Write("Properties/launchSettings.json", """{ "profiles": { "a": { "commandName": "Project", "applicationUrl": "http://localhost:1" } } }""");
        Write("appsettings.json", """{ "Kestrel": { "EndpointDefaults": { "Protocols": "Http2" }, "Endpoints": { "Grpc": { "Url": "http://*:5001" } } } }""");
        var project = Add();
        var endpoint = Assert.Single(project.Resource.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("http", 5001, "http2"), (endpoint.Name, endpoint.Port, endpoint.Transport));
        Graph.Allocate(project, 1000);
        var environment = await Graph.EnvironmentOf(project);
        Assert.Equal("http://localhost:<port of http>", environment["Kestrel__Endpoints__Grpc__Url"]);
        Assert.DoesNotContain("ASPNETCORE_URLS", environment.Keys);
    }

    [Fact]
    public void AManagementEndpointIsWhereMetricsAre()
    {
        Write("appsettings.json", """
            { "Kestrel": { "Endpoints": {
                "grpc": { "Url": "http://*:5001", "Protocols": "Http2" },
                "management": { "Url": "http://*:5002", "Protocols": "Http1" } } } }
            """);

        var project = Add();
        Assert.Equal(new MetricsPortAnnotation("management"), Assert.Single(project.Resource.Annotations.OfType<MetricsPortAnnotation>()));

        project.WithMetricsEndpoint("grpc", "/elsewhere");
        Assert.Equal(new MetricsPortAnnotation("grpc", "/elsewhere"), Assert.Single(project.Resource.Annotations.OfType<MetricsPortAnnotation>()));
    }

    [Fact]
    public async Task AFilterKeepsEndpointsToTheirOwnVariables()
    {
        var project = Add().WithHttpEndpoint().WithHttpEndpoint(name: "metrics").WithEndpointsInEnvironment(e => e.Name != "metrics");
        Graph.Allocate(project, 1000);
        Assert.Equal("http://localhost:<port of http>", (await Graph.EnvironmentOf(project))["ASPNETCORE_URLS"]);
    }

    [Fact]
    public void MalformedSettingsNameTheirFile()
    {
        Write("Properties/launchSettings.json", "{ nonsense");
        Assert.Contains(Path.Combine(_folder, "Properties", "launchSettings.json"), Assert.Throws<DistributedApplicationException>(() => Add()).Message);
    }

    [Fact]
    public void AProjectSendsTelemetryAndHasOneReplicaUnlessStated()
    {
        var project = Add();
        Assert.True(project.Resource.HasAnnotationOfType<OtlpExporterAnnotation>());
        Assert.Equal(1, project.Resource.GetReplicaCount());
        Assert.Equal(3, project.WithReplicas(2).WithReplicas(3).Resource.GetReplicaCount());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<string> Endpoints(IResourceBuilder<ProjectResource> project) =>
        project.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.Name);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private IResourceBuilder<ProjectResource> Add() => Graph.Create().AddProject("p", Path.Combine(_folder, "P.csproj"));

    private IResourceBuilder<ProjectResource> Add(string? profile) => Graph.Create().AddProject("p", Path.Combine(_folder, "P.csproj"), profile);
}
