using System.Runtime.CompilerServices;
using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>Features in a Redis Cluster by the layout of <see cref="FeatureKeys"/>.</summary>
internal sealed class RedisFeatureStore(IConnectionMultiplexer redis, DataVersion version) : IFeatureStore
{
    private readonly IDatabaseAsync _redis = redis.GetDatabase().WithRetry();

    public async ValueTask<string?> FindAsync(Location location, CancellationToken cancellationToken)
    {
        var code = ZOrder.Encode(location);
        var score = FeatureKeys.WithinCell(code);
        var found = await _redis.SortedSetRangeByScoreAsync(
            FeatureKeys.Features(FeatureKeys.CellOf(code), version.Required), score, score, take: 1);
        return found is [var member, ..] ? FeatureMember.NameOf((byte[])member!) : null;
    }

    public async IAsyncEnumerable<NamedLocation> ListAsync(
        Area area, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var current = version.Required;
        var regions = RangeReader.ReadAsync(_redis, RegionRanges(area, current), RegionScore, cancellationToken);
        var cells = RangeReader.ReadAsync(
            _redis, CellRanges(regions, area, current, cancellationToken), CellScore, cancellationToken);
        var features = RangeReader.ReadAsync(
            _redis, FeatureRanges(cells, area, current, cancellationToken), FeatureScore, cancellationToken);
        await foreach (var member in features)
        {
            byte[] bytes = member!;
            if (FeatureMember.LocationOf(bytes) is var location && area.Contains(location))
            {
                yield return new NamedLocation(location, FeatureMember.NameOf(bytes));
            }
        }
    }

    private static async IAsyncEnumerable<ScoreRange> RegionRanges(Area area, long current)
    {
        await Task.CompletedTask;
        foreach (var (first, last) in ZOrder.Cover(area, ZOrder.Square.World, FeatureKeys.RegionBits))
        {
            yield return new ScoreRange(FeatureKeys.Regions(current), FeatureKeys.RegionOf(first), FeatureKeys.RegionOf(last));
        }
    }

    private static async IAsyncEnumerable<ScoreRange> CellRanges(
        IAsyncEnumerable<RedisValue> regions, Area area, long current,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var member in regions.WithCancellation(cancellationToken))
        {
            var region = (uint)(long)member;
            var key = FeatureKeys.Cells(region, current);
            foreach (var (first, last) in ZOrder.Cover(area, FeatureKeys.SquareOfRegion(region), FeatureKeys.CellBits))
            {
                yield return new ScoreRange(
                    key, FeatureKeys.CellWithinRegion(FeatureKeys.CellOf(first)),
                    FeatureKeys.CellWithinRegion(FeatureKeys.CellOf(last)));
            }
        }
    }

    private static async IAsyncEnumerable<ScoreRange> FeatureRanges(
        IAsyncEnumerable<RedisValue> cells, Area area, long current, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var member in cells.WithCancellation(cancellationToken))
        {
            var cell = (uint)(long)member;
            var key = FeatureKeys.Features(cell, current);
            foreach (var (first, last) in ZOrder.Cover(area, FeatureKeys.SquareOfCell(cell), unitBits: 0))
            {
                yield return new ScoreRange(key, FeatureKeys.WithinCell(first), FeatureKeys.WithinCell(last));
            }
        }
    }

    private static ulong RegionScore(RedisValue member) => (ulong)(long)member;

    private static ulong CellScore(RedisValue member) => FeatureKeys.CellWithinRegion((uint)(long)member);

    private static ulong FeatureScore(RedisValue member) =>
        FeatureKeys.WithinCell(ZOrder.Encode(FeatureMember.LocationOf((byte[])member!)));
}
