using System.Runtime.CompilerServices;
using Grpc.Core;
using MonoRepo.Todo.Server.Requests;
using MonoRepo.Todo.V1;
using StackExchange.Redis;
using StackExchange.Redis.Availability;
using static MonoRepo.Todo.V1.WatchItemsResponse.Types;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>Follows the changes of lists, made by whichever replica.</summary>
public sealed class ChangeLog(IConnectionMultiplexer redis, ChangeSignals signals, TimeProvider clock)
{
    /// <summary>How long a watcher waits for a wake-up before it looks by itself.</summary>
    public static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);

    /// <summary>How long a quiet watch goes without a response.</summary>
    public static readonly TimeSpan BookmarkPeriod = TimeSpan.FromSeconds(15);

    private const int BatchLength = 100;

    private readonly IDatabaseAsync _redis = redis.GetDatabase().WithRetry();

    /// <summary>
    /// The changes after a place in the log, each once and in order, without an end; a bookmark first, and when it is quiet.
    /// </summary>
    /// <param name="list">The list.</param>
    /// <param name="after">The number of the last change that the caller has seen; null for the present one.</param>
    /// <param name="check">Throws when the caller may no longer read the list; called before each response.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="RpcException">The log no longer reaches back so far.</exception>
    public async IAsyncEnumerable<WatchItemsResponse> FollowAsync(
        ListName list, long? after, Func<Task> check, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = new ListKeys(list);
        using var signal = await signals.SubscribeAsync(keys.Changed);
        var sequence = (long)await _redis.StringGetAsync(keys.Sequence);
        var position = after ?? sequence;
        if (position > sequence)
        {
            // A token from before the data was lost must not wait silently until the numbers reach it.
            throw new RpcException(new(StatusCode.OutOfRange, $"{list} has fewer changes than the token says: list again."));
        }

        yield return Bookmark(list, position);

        var spoke = clock.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var woken = signal.Next;
            var entries = await _redis.SortedSetRangeByScoreWithScoresAsync(
                keys.Changes, position, double.PositiveInfinity, Exclude.Start, Order.Ascending, 0, BatchLength);
            if (entries.Length > 0 && entries[0].Score > position + 1)
            {
                throw new RpcException(new(StatusCode.OutOfRange,
                    $"{list} has changed more than {ListChange.LogLength} times since the token was given out: list again."));
            }

            // After the changes were read: what was made after the caller lost access is not among those that it still gets.
            await check();
            foreach (var entry in entries)
            {
                yield return WatchItemsResponse.Parser.ParseFrom((byte[])entry.Element!);
                position = (long)entry.Score;
                spoke = clock.GetTimestamp();
            }

            if (entries.Length < BatchLength)
            {
                await Task.WhenAny(woken, Task.Delay(LookAnyway, clock, cancellationToken));
            }

            if (clock.GetElapsedTime(spoke) > BookmarkPeriod)
            {
                yield return Bookmark(list, position);
                spoke = clock.GetTimestamp();
            }
        }
    }

    private static WatchItemsResponse Bookmark(ListName list, long position) =>
        new() { Kind = Kind.Bookmark, ResumeToken = Position.Encode(list.ToString(), position) };
}
