using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using MonoRepo.Hosting;
using MonoRepo.Hosting.RedisCluster.Local;

namespace MonoRepo.Tests;

public sealed class AddRedisClusterTests
{
    [Fact]
    public void AddRedisCluster_Members_AreChildrenThatNoManifestShows()
    {
        var redis = Builder().AddRedisCluster("redis", shards: 4, replicasPerShard: 2).Resource;

        Assert.Equal(["redis-0", "redis-1", "redis-2", "redis-3"], redis.Members.Select(m => m.Name));
        Assert.All(redis.Members, member =>
        {
            var process = Assert.IsType<RedisClusterMemberResource>(member);
            Assert.Same(redis, process.Parent);
            Assert.Contains(ManifestPublishingCallbackAnnotation.Ignore, process.Annotations);
            var endpoint = Assert.Single(process.Annotations.OfType<EndpointAnnotation>());
            Assert.Equal(("127.0.0.1", "redis", false), (endpoint.TargetHost, endpoint.UriScheme, endpoint.IsProxied));
        });
    }

    [Fact]
    public void KeptData_FolderThatCantBeMade_IsSaidAsItIs()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "");
        using var directories = MemberDirectories.Kept(Path.Combine(folder.Path, "file", "redis", "3x1"), reset: false);

        var error = Assert.Throws<DistributedApplicationException>(() => directories.Prepare("redis-0", 7000));

        Assert.StartsWith($"The data in {folder.Path}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            " Make the folder writable, or remove WithDataVolume from AppHost/Program.cs.", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WithMetrics_Exporter_StandsBesideTheCluster()
    {
        var builder = Builder();
        var redis = builder.AddRedisCluster("redis").WithMetrics<Exporter>().Resource;

        var exporter = Assert.Single(builder.Resources.OfType<ProjectResource>());
        Assert.Equal("redis-exporter", exporter.Name);
        Assert.Equal("http", Assert.Single(exporter.Annotations.OfType<MetricsPortAnnotation>()).Endpoint);
        Assert.Contains(
            exporter.Annotations.OfType<ResourceRelationshipAnnotation>(), relationship => relationship.Resource == redis);
    }

    private sealed class Exporter : IProjectMetadata
    {
        public string ProjectPath => Repository.PathOf("Redis.Exporter", "Redis.Exporter.csproj");
    }

    [Theory]
    [InlineData("--redis-replicas=1", "garnet", 6)]
    [InlineData("--redis=redis-server", "redis-server", 3)]
    public void AddRedisCluster_CommandLine_SaysWhatMembersAreAndHowMany(string argument, string server, int members)
    {
        var redis = Builder(argument).AddRedisCluster("redis").Resource;

        Assert.Equal(members, redis.Members.Count);
        var state = Assert.Single(redis.Annotations.OfType<ResourceSnapshotAnnotation>()).InitialSnapshot;
        Assert.Equal(server, state.Properties.Single(p => p.Name == "Server").Value);
    }

    [Fact]
    public void AddRedisCluster_HealthChecks_AreThoseOfTheClusterAndEachMember()
    {
        var builder = Builder();
        var redis = builder.AddRedisCluster("redis").Resource;

        using var services = builder.Services.BuildServiceProvider();
        var registered =
            services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(r => r.Name).ToList();
        IResource[] all = [redis, .. redis.Members];
        Assert.All(all, r => Assert.Contains(Assert.Single(r.Annotations.OfType<HealthCheckAnnotation>()).Key, registered));
    }

    [Fact]
    public async Task AddRedisCluster_NoPassword_GeneratesOneThatIsItsOwnEncoding()
    {
        var redis = Builder().AddRedisCluster("redis").Resource;

        var password = await redis.PasswordParameter.GetValueAsync(TestContext.Current.CancellationToken);
        Assert.Equal("redis-password", redis.PasswordParameter.Name);
        Assert.Matches("^[A-Za-z0-9]{22,}$", password);
    }

    [Fact]
    public async Task WithRestartPolicy_Members_HaveItInsteadOfTheCluster()
    {
        var builder = Builder();
        var redis = builder.AddRedisCluster("redis").WithRestartPolicy(maxRestarts: 7).Resource;
        await using var app = builder.Build();

        await builder.Eventing.PublishAsync(
            new BeforeStartEvent(app.Services, new(builder.Resources)), TestContext.Current.CancellationToken);

        Assert.All(redis.Members, m =>
            Assert.Equal(7, Assert.Single(m.Annotations.OfType<RestartPolicyAnnotation>()).MaxRestarts));
        Assert.Empty(redis.Annotations.OfType<RestartPolicyAnnotation>());
    }

    [Fact]
    public async Task ConnectionString_WithPassword_NamesAllMembersAndThePassword()
    {
        var builder = Builder("--Parameters:secret=a b");
        var redis = builder.AddRedisCluster("redis").WithPassword(builder.AddParameter("secret", secret: true)).Resource;
        for (var i = 0; i < 3; i++)
        {
            var endpoint = redis.Members[i].Annotations.OfType<EndpointAnnotation>().Single();
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", 7000 + i);
        }

        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal(
            "127.0.0.1:7000,127.0.0.1:7001,127.0.0.1:7002,password=a b",
            await redis.ConnectionStringExpression.GetValueAsync(cancel));
        var properties = ((IResourceWithConnectionString)redis).GetConnectionProperties().ToDictionary();
        Assert.Equal(["Host", "Port", "Password", "Uri"], properties.Keys);
        Assert.Equal("redis://:a%20b@127.0.0.1:7000", await properties["Uri"].GetValueAsync(cancel));
    }

    [Theory]
    [InlineData(2, 0, "has 2 shards; it needs at least 3")]
    [InlineData(3, 6, "has 6 replicas per shard; it must be 0 to 5")]
    public void AddRedisCluster_ShapeThatCannotWork_Throws(int shards, int replicas, string fault)
    {
        var refusal = Assert.Throws<DistributedApplicationException>(() => Builder().AddRedisCluster("redis", shards, replicas));

        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Redis:Server=keydb", "Redis:Server is 'keydb'; it must be one of garnet, redis-server, container.")]
    [InlineData("--Redis:ReplicasPerShard=many", "Redis:ReplicasPerShard is 'many'; it must be a number from 0 to 5.")]
    public void AddRedisCluster_BadConfigurationValue_ThrowsOneLine(string argument, string line)
    {
        var refusal = Assert.Throws<DistributedApplicationException>(() => Builder(argument).AddRedisCluster("redis"));

        Assert.Equal(line, refusal.Message);
    }

    [Fact]
    public void AddRedisCluster_Twice_SharesTheSwitches()
    {
        var builder = Builder("--redis-replicas=1");

        Assert.Equal(6, builder.AddRedisCluster("one").Resource.Members.Count);
        Assert.Equal(6, builder.AddRedisCluster("two").Resource.Members.Count);
    }

    private static IDistributedApplicationBuilder Builder(params string[] args) => DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions
        {
            Args = args,
            DisableDashboard = true,
            ProjectDirectory = Path.GetTempPath(),
            AssemblyName = typeof(Projects.RedisCluster_AppHost).Assembly.GetName().Name,
        });
}
