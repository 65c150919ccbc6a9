using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public async Task AServiceGivesDiscoveryAndEndpointVariables()
    {
        var builder = Graph.Create();
        var api = Api(builder).WithHttpEndpoint().WithHttpEndpoint(name: "admin").WithEndpoint(scheme: "tcp", name: "raw");
        Graph.Allocate(api, 1000);
        var caller = builder.AddExecutable("caller", "x", ".").WithReference(api);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["MY_API_HTTP"] = "http://localhost:1000",
                ["services__my-api__http__0"] = "http://localhost:1000",
                ["MY_API_ADMIN"] = "http://localhost:1001",
                ["services__my-api__admin__0"] = "http://localhost:1001",
                ["MY_API_RAW"] = "tcp://localhost:1002",
                ["services__my-api__raw__0"] = "tcp://localhost:1002",
            },
            await Graph.EnvironmentOf(caller));
    }

    [Fact]
    public async Task AnEndpointThatIsNamedGivesOnlyItself()
    {
        var builder = Graph.Create();
        var api = Api(builder).WithHttpEndpoint().WithEndpoint("internal", e => e.ExcludeReferenceEndpoint = true);
        Graph.Allocate(api, 1000);
        var whole = await Graph.EnvironmentOf(builder.AddExecutable("whole", "x", ".").WithReference(api));
        Assert.DoesNotContain("MY_API_INTERNAL", whole.Keys);
        var named = await Graph.EnvironmentOf(builder.AddExecutable("named", "x", ".").WithReference(api.GetEndpoint("internal")));
        Assert.Equal(["MY_API_INTERNAL", "services__my-api__internal__0"], named.Keys.Order());
    }

    [Fact]
    public async Task ASecondNameAndAnAddressThatIsThereAreRespected()
    {
        var builder = Graph.Create();
        var api = Api(builder).WithHttpEndpoint();
        Graph.Allocate(api, 1000);
        var caller = builder.AddExecutable("caller", "x", ".").WithEnvironment("services__Other__http__0", "taken").WithReference(api, "Other");
        var environment = await Graph.EnvironmentOf(caller);
        Assert.Equal("http://localhost:1000", environment["Other_HTTP"]);
        Assert.Equal("taken", environment["services__Other__http__0"]);
        Assert.Equal("http://localhost:1000", environment["services__Other__http__1"]);
    }

    [Fact]
    public async Task CallersGetOneAddressAReplicaOnceAnEngineHasThem()
    {
        var builder = Graph.Create();
        var api = Api(builder).WithHttpEndpoint(name: "grpc").WithReplicas(3);
        Graph.Allocate(api, 1000);
        var caller = builder.AddExecutable("caller", "x", ".").WithReference(api);
        Assert.Equal(["services__my-api__grpc__0"], Discovered(await Graph.EnvironmentOf(caller)));

        var replicas = new ReplicaEndpointsAnnotation("grpc", 3);
        api.WithAnnotation(replicas);
        var pending = Graph.EnvironmentOf(caller);
        Assert.False(pending.IsCompleted);
        for (var i = 0; i < 3; i++)
        {
            replicas.Replicas[i].AddOrUpdateAllocatedEndpoint(
                KnownNetworkIdentifiers.LocalhostNetwork,
                new AllocatedEndpoint(api.GetEndpoint("grpc").EndpointAnnotation, "localhost", 2000 + i));
        }

        var environment = await pending;
        Assert.Equal("http://localhost:1000", environment["MY_API_GRPC"]);
        Assert.Equal(
            ["http://localhost:2000", "http://localhost:2001", "http://localhost:2002"],
            Discovered(environment).Select(name => environment[name]));

        static string[] Discovered(Dictionary<string, string> environment) => [.. environment.Keys.Where(k => k.StartsWith("services__")).Order()];
    }

    [Fact]
    public async Task AConnectionGivesItsStringAndItsParts()
    {
        var builder = Graph.Create();
        var cache = builder.AddResource(new Cache("my-cache")).WithConnectionProperty("Tls", "no");
        var caller = builder.AddExecutable("caller", "x", ".").WithReference(cache).WithReference(cache, connectionName: "");
        var environment = await Graph.EnvironmentOf(caller);
        Assert.Equal("h:1", environment["ConnectionStrings__my-cache"]);
        Assert.Equal("h", environment["MY_CACHE_HOST"]);
        Assert.Equal("no", environment["MY_CACHE_TLS"]);
        Assert.Equal("h", environment["HOST"]);
        Assert.Equal("{my-cache.connectionString}", ((IManifestExpressionProvider)cache.Resource).ValueExpression);
    }

    [Fact]
    public async Task FlagsChooseWhatAReferenceInjects()
    {
        var builder = Graph.Create();
        var cache = builder.AddResource(new Cache("cache"));
        var caller = builder.AddExecutable("caller", "x", ".")
            .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionProperties).WithReference(cache);
        Assert.Equal(["CACHE_HOST"], (await Graph.EnvironmentOf(caller)).Keys);
    }

    [Fact]
    public async Task AMissingConnectionStringFailsUnlessItIsOptional()
    {
        var builder = Graph.Create();
        var db = builder.AddConnectionString("db");
        var fault = await Assert.ThrowsAsync<MissingParameterValueException>(() => Graph.EnvironmentOf(builder.AddExecutable("a", "x", ".").WithReference(db)));
        Assert.Equal("Connection string parameter resource could not be used because connection string 'db' is missing.", fault.Message);

        var empty = builder.AddConnectionString("empty", ReferenceExpression.Empty);
        Assert.Empty(await Graph.EnvironmentOf(builder.AddExecutable("b", "x", ".").WithReference(empty, optional: true)));
        var other = await Assert.ThrowsAsync<DistributedApplicationException>(() => Graph.EnvironmentOf(builder.AddExecutable("c", "x", ".").WithReference(empty)));
        Assert.Equal("The connection string for the resource 'empty' is not available.", other.Message);
    }

    [Fact]
    public async Task AddressesFromOutsideAreGivenAsTheyAre()
    {
        var builder = Graph.Create("--Parameters:url=https://example.com/");
        var fixedService = builder.AddExternalService("ext-a", "https://example.org/");
        var byParameter = builder.AddExternalService("ext-b", builder.AddParameter("url"));
        var environment = await Graph.EnvironmentOf(builder.AddExecutable("a", "x", ".")
            .WithReference(fixedService).WithReference(byParameter).WithReference("maps", new Uri("http://maps.test/")));
        Assert.Equal("https://example.org/", environment["EXT_A"]);
        Assert.Equal("https://example.org/", environment["services__ext-a__https__0"]);
        Assert.Equal("https://example.com/", environment["EXT_B"]);
        Assert.Equal("https://example.com/", environment["services__ext-b__default__0"]);
        Assert.Equal("http://maps.test/", environment["services__maps__default__0"]);
        Assert.Throws<InvalidOperationException>(() => builder.AddExecutable("b", "x", ".").WithReference("m", new Uri("/x", UriKind.Relative)));
        Assert.Throws<ArgumentException>(() => builder.AddExternalService("ext-c", "https://example.org/path"));
    }

    [Fact]
    public async Task AWrongAddressInAParameterNamesParameterSourceAndTarget()
    {
        var builder = Graph.Create("--Parameters:url=nonsense");
        var service = builder.AddExternalService("ext", builder.AddParameter("url"));
        var fault = await Assert.ThrowsAsync<DistributedApplicationException>(() => Graph.EnvironmentOf(builder.AddExecutable("a", "x", ".").WithReference(service)));
        Assert.StartsWith("The URL parameter 'url' for source resource 'ext' is invalid while configuring target resource 'a': ", fault.Message);
    }

    [Fact]
    public void AReferenceIsARelationshipAndDoesNotWait()
    {
        var builder = Graph.Create();
        var api = Api(builder);
        var caller = builder.AddExecutable("caller", "x", ".").WithReference(api).WithReference(api);
        Assert.All(caller.Resource.Annotations.OfType<ResourceRelationshipAnnotation>(), r => Assert.Equal((api.Resource, "Reference"), (r.Resource, r.Type)));
        Assert.Empty(caller.Resource.Annotations.OfType<WaitAnnotation>());
        Assert.Single(caller.Resource.Annotations.OfType<EndpointReferenceAnnotation>());
    }

    [Fact]
    public async Task ATypeMayHaveItsOwnWayToBeReferredTo()
    {
        var builder = Graph.Create();
        var own = builder.AddResource(new Own("own"));
        var environment = await Graph.EnvironmentOf(builder.AddExecutable("a", "x", ".").WithReference(own, "name"));
        Assert.Equal("own/name", Assert.Single(environment, e => e.Key == "OWN").Value);
        Assert.Single(environment);
    }

    private static IResourceBuilder<ProjectResource> Api(IDistributedApplicationBuilder builder) =>
        builder.AddProject("my-api", "missing/Missing.csproj");

    private sealed class Cache(string name) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{"h"}:{"1"}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
            [new("Host", ReferenceExpression.Create($"h"))];
    }

    private sealed class Own(string name) : Resource(name), IResourceWithConnectionString, IResourceWithCustomWithReference<Own>
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"x");

        public static IResourceBuilder<TDestination>? TryWithReference<TDestination>(
            IResourceBuilder<TDestination> builder,
            IResourceBuilder<IResource> source,
            string? connectionName = null,
            bool optional = false,
            string? name = null)
            where TDestination : IResourceWithEnvironment => builder.WithEnvironment("OWN", $"{source.Resource.Name}/{connectionName}");
    }
}
