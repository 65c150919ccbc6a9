using System.Runtime.CompilerServices;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Gathers what is there already, so that a hundred resources that change together are one message.</summary>
internal static class SnapshotBatches
{
    /// <summary>
    /// Each batch is what the source gave without waiting; the first is what there was at the beginning, even if that is nothing.
    /// </summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> BatchAsync<T>(
        this IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var enumerator = source.GetAsyncEnumerator(end.Token);
        var next = Task.FromResult(true);
        try
        {
            List<T> batch = [];
            var isFirst = true;
            do
            {
                next = enumerator.MoveNextAsync().AsTask();
                if (!next.IsCompleted && (isFirst || batch.Count > 0))
                {
                    yield return batch;
                    (batch, isFirst) = ([], false);
                }

                if (await next.ConfigureAwait(false))
                {
                    batch.Add(enumerator.Current);
                }
            }
            while (next.Result);

            if (isFirst || batch.Count > 0)
            {
                yield return batch;
            }
        }
        finally
        {
            // Who leaves between two batches leaves a read that goes on; a source can't be closed before that ends.
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await enumerator.DisposeAsync().ConfigureAwait(false);
        }
    }
}
