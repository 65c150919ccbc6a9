using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace MonoRepo.RouteGuide.Server.Storage.Redis;

/// <summary>A part of one sorted set, both ends included.</summary>
internal readonly record struct ScoreRange(RedisKey Key, ulong First, ulong Last);

/// <summary>
/// Reads many ranges of sorted sets of any shards, pipelined in batches and in pages, so that memory stays bounded.
/// </summary>
internal static class RangeReader
{
    private const int BatchSize = 128;
    private const int PageSize = 1024;

    /// <summary>
    /// The members of all ranges; <paramref name="scoreOf"/> tells where a page ended (one member has each score).
    /// </summary>
    public static async IAsyncEnumerable<RedisValue> ReadAsync(
        IDatabaseAsync redis, IAsyncEnumerable<ScoreRange> ranges, Func<RedisValue, ulong> scoreOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var source = ranges.GetAsyncEnumerator(cancellationToken);
        var batch = new List<ScoreRange>(BatchSize);
        var more = true;
        while (more || batch.Count > 0)
        {
            while (batch.Count < BatchSize && (more = await source.MoveNextAsync()))
            {
                batch.Add(source.Current);
            }

            if (batch.Count == 0)
            {
                yield break;
            }

            var pages = await SendAsync(redis, batch).WaitAsync(cancellationToken);
            var unfinished = new List<ScoreRange>(BatchSize);
            for (var i = 0; i < pages.Length; i++)
            {
                if (pages[i].Length == PageSize)
                {
                    unfinished.Add(batch[i] with { First = scoreOf(pages[i][^1]) + 1 });
                }

                foreach (var member in pages[i])
                {
                    yield return member;
                }
            }

            batch = unfinished;
        }
    }

    private static Task<RedisValue[][]> SendAsync(IDatabaseAsync redis, List<ScoreRange> batch)
    {
        var answers = new Task<RedisValue[]>[batch.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = redis.SortedSetRangeByScoreAsync(batch[i].Key, batch[i].First, batch[i].Last, take: PageSize);
        }

        return Task.WhenAll(answers);
    }
}
