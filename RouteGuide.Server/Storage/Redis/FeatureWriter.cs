using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>
/// Writes a version of the feature database. Everything it does can be done twice: the same data gives the same keys and members.
/// </summary>
internal sealed class FeatureWriter(IConnectionMultiplexer redis)
{
    private const int BatchSize = 256;

    private readonly IDatabaseAsync _redis = redis.GetDatabase().WithRetry();

    /// <summary>How long readers may still use a version after the next one is served.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Writes cells before regions before the root, so that nothing refers to what is not there.</summary>
    public async Task WriteAsync(long version, IEnumerable<NamedLocation> features, CancellationToken cancellationToken)
    {
        foreach (var batch in Layout(version, features).Chunk(BatchSize))
        {
            await Task.WhenAll(batch.Select(set => _redis.SortedSetAddAsync(set.Key, set.Entries))).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Whether every key of the version is there and whole; a shard that lost its memory is noticed by this.</summary>
    public async Task<bool> IsCompleteAsync(
        long version, IEnumerable<NamedLocation> features, CancellationToken cancellationToken)
    {
        foreach (var batch in Layout(version, features).Chunk(BatchSize))
        {
            var sizes = await Task.WhenAll(batch.Select(set => _redis.SortedSetLengthAsync(set.Key)))
                .WaitAsync(cancellationToken);
            if (batch.Zip(sizes).Any(pair => pair.First.Entries.Length != pair.Second))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Lets all keys of a version expire after <see cref="Grace"/>; the root comes last, so that an interrupted run can be taken
    /// up.
    /// </summary>
    public async Task ExpireAsync(long version, CancellationToken cancellationToken)
    {
        var regions = await _redis.SortedSetRangeByRankAsync(FeatureKeys.Regions(version));
        foreach (var region in regions)
        {
            var cellsKey = FeatureKeys.Cells((uint)(long)region, version);
            var cells = await _redis.SortedSetRangeByRankAsync(cellsKey);
            foreach (var batch in cells.Select(cell => (RedisKey)FeatureKeys.Features((uint)(long)cell, version)).Append(cellsKey)
                .Chunk(BatchSize))
            {
                await ExpireAsync(batch, cancellationToken);
            }
        }

        await ExpireAsync([FeatureKeys.Regions(version)], cancellationToken);
    }

    private Task ExpireAsync(RedisKey[] keys, CancellationToken cancellationToken) =>
        Task.WhenAll(keys.Select(key => _redis.KeyExpireAsync(key, Grace))).WaitAsync(cancellationToken);

    private static IEnumerable<SortedSet> Layout(long version, IEnumerable<NamedLocation> features)
    {
        var cells = features.ToLookup(feature => FeatureKeys.CellOf(ZOrder.Encode(feature.Location)));
        foreach (var cell in cells)
        {
            yield return new SortedSet(FeatureKeys.Features(cell.Key, version), [.. cell.Select(feature =>
                new SortedSetEntry(FeatureMember.Format(feature), FeatureKeys.WithinCell(ZOrder.Encode(feature.Location))))]);
        }

        var regions = cells.Select(cell => cell.Key).ToLookup(FeatureKeys.RegionOfCell);
        foreach (var region in regions)
        {
            yield return new SortedSet(FeatureKeys.Cells(region.Key, version), [.. region.Select(cell =>
                new SortedSetEntry((long)cell, FeatureKeys.CellWithinRegion(cell)))]);
        }

        yield return new SortedSet(
            FeatureKeys.Regions(version), [.. regions.Select(region => new SortedSetEntry((long)region.Key, region.Key))]);
    }

    private readonly record struct SortedSet(RedisKey Key, SortedSetEntry[] Entries);
}
