using System.Threading.Channels;
using MonoRepo.Hosting.Run.Dashboard;

namespace MonoRepo.Tests.Dashboard;

public sealed class SnapshotBatchesTests
{
    [Fact]
    public async Task WhatIsThereIsOneBatchAndWhatFollowsIsAnother()
    {
        var channel = Channel.CreateUnbounded<int>();
        channel.Writer.TryWrite(1);
        channel.Writer.TryWrite(2);
        await using var batches = Batches(channel);

        Assert.True(await batches.MoveNextAsync());
        Assert.Equal([1, 2], batches.Current);

        var next = batches.MoveNextAsync();
        channel.Writer.TryWrite(3);
        Assert.True(await next);
        Assert.Equal([3], batches.Current);

        channel.Writer.Complete();
        Assert.False(await batches.MoveNextAsync());
    }

    [Fact]
    public async Task TheFirstBatchDoesNotWaitForTheFirstResource()
    {
        await using var batches = Batches(Channel.CreateUnbounded<int>());

        Assert.True(await batches.MoveNextAsync());
        Assert.Empty(batches.Current);
    }

    private static IAsyncEnumerator<IReadOnlyList<int>> Batches(Channel<int> channel)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        return channel.Reader.ReadAllAsync(cancellationToken).BatchAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}
