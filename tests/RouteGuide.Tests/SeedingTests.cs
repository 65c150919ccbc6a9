extern alias server;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.Tests.Redis;
using server::MonoRepo.RouteGuide.Server.Data;
using server::MonoRepo.RouteGuide.Server.Storage;
using server::MonoRepo.RouteGuide.Server.Storage.Redis;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>The seeder and the store by themselves, on both engines.</summary>
public sealed class SeedingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisEngine.Garnet)]
    [InlineData(RedisEngine.RedisServer)]
    public async Task TheDataMovesForwardHealsAndIsReadBackWhole(RedisEngine engine)
    {
        await using var cluster = await RedisClusterProcess.StartAsync(engine, cancellationToken: Cancellation);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(cluster.ConnectionString);
        var first = Data(version: 1, count: 500);
        var second = Data(version: 2, count: 400);

        // Three replicas at once: each ends at version 1.
        var replicas = Enumerable.Range(0, 3).Select(_ => new Replica(redis, first)).ToList();
        await WaitAsync(() => Task.WhenAll(replicas.Select(replica => replica.Seeder.KeepAsync(Cancellation))), () =>
            replicas.All(replica => replica.Version.Current == 1));
        await AssertHoldsAsync(replicas[0], first);

        // A newer replica moves the data forward, an older one follows and does not move it back.
        var newer = new Replica(redis, second);
        await newer.Seeder.KeepAsync(Cancellation);
        await replicas[0].Seeder.KeepAsync(Cancellation);
        Assert.Equal(2, replicas[0].Version.Current);
        await AssertHoldsAsync(replicas[0], second);

        // What the old version left expires by itself.
        foreach (var key in Keys(first))
        {
            var left = await redis.GetDatabase().KeyTimeToLiveAsync(key);
            Assert.True(left is { } time && time <= FeatureWriter.Grace, $"{key}: {left}");
        }

        // A cell that was lost comes back with the next check.
        var lost = Keys(second).First();
        await redis.GetDatabase().KeyDeleteAsync(lost);
        await new Replica(redis, second).Seeder.KeepAsync(Cancellation);
        await AssertHoldsAsync(newer, second);
    }

    // Clusters of places, the ends of the earth, and places on the borders of cells.
    private static FeatureData Data(long version, int count)
    {
        var random = new Random((int)version);
        var places = new HashSet<Location>
        {
            new(Location.MaxLatitude, Location.MaxLongitude), new(
                -Location.MaxLatitude, -Location.MaxLongitude), new(0, 0), new(-1, -1),
        };
        while (places.Count < count)
        {
            var spread = (int)Math.Pow(10, 3 + (places.Count % 6));
            places.Add(new Location(random.Next(-spread, spread), random.Next(-spread, spread)));
        }

        return new FeatureData(
            version, [.. places.Select((place, i) => new NamedLocation(place, $"Place {i} of version {version}"))]);
    }

    private static IEnumerable<string> Keys(FeatureData data) =>
    [
        .. data.Features.Select(
            feature => FeatureKeys.Features(FeatureKeys.CellOf(ZOrder.Encode(feature.Location)), data.Version)).Distinct(),
        .. data.Features.Select(feature => FeatureKeys.Cells(FeatureKeys.RegionOf(ZOrder.Encode(feature.Location)), data.Version))
            .Distinct(),
        FeatureKeys.Regions(data.Version),
    ];

    // The store over Redis against the one in memory: two ways to the same answers.
    private static async Task AssertHoldsAsync(Replica replica, FeatureData data)
    {
        var memory = new MemoryFeatureStore(data.Features);
        var random = new Random(7);
        foreach (var feature in data.Features.Take(50))
        {
            Assert.Equal(feature.Name, await replica.Store.FindAsync(feature.Location, Cancellation));
        }

        Assert.Null(await replica.Store.FindAsync(new Location(Location.MaxLatitude, 5), Cancellation));
        for (var i = 0; i < 60; i++)
        {
            var size = (int)Math.Pow(10, 1 + (i % 8));
            var area = i == 0
                ? new Area(-Location.MaxLatitude, -Location.MaxLongitude, Location.MaxLatitude, Location.MaxLongitude)
                : Area.Between(new Location(random.Next(-size, size), random.Next(-size, size)), new Location(
                    random.Next(-size, size), random.Next(-size, size)));
            var expected = await memory.ListAsync(area, Cancellation).ToListAsync(Cancellation);
            var found = await replica.Store.ListAsync(area, Cancellation).ToListAsync(Cancellation);
            Assert.Equal(expected.OrderBy(feature => feature.Name), found.OrderBy(feature => feature.Name));
        }
    }

    private static async Task WaitAsync(Func<Task> step, Func<bool> done)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !done(); await step())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
        }
    }

    private sealed class Replica
    {
        public Replica(IConnectionMultiplexer redis, FeatureData data)
        {
            Seeder = new FeatureSeeder(
                redis, new FeatureWriter(redis), data, Version, TimeProvider.System, NullLogger<FeatureSeeder>.Instance);
            Store = new RedisFeatureStore(redis, Version);
        }

        public DataVersion Version { get; } = new();

        public FeatureSeeder Seeder { get; }

        public RedisFeatureStore Store { get; }
    }
}
