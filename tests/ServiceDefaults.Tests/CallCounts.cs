using Grpc.Core;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.Tests;

/// <summary>What one call adds to the series of its client and its server.</summary>
internal sealed class CallCounts(CallSeries client, CallSeries server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly long[] _numbers = Numbers(client);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Waits until the call is at the server.</summary>
    public Task StartsAsync() => WaitAsync(() => server.Started.Value == 1, () => "not started");

    /// <summary>Waits until both sides show one call that ended so; the server ends a moment later than its client.</summary>
    public Task ShowAsync(StatusCode code, int clientSends, int serverSends, int clientReceives)
    {
        string expected = Text([1, clientSends, clientReceives, .. Only(code)]), expectedOfServer = Text([1, serverSends, clientSends, .. Only(code)]);
        return WaitAsync(
            () => (OfClient(), OfServer()) == (expected, expectedOfServer),
            () => $"client {OfClient()} instead of {expected}; server {OfServer()} instead of {expectedOfServer}");
    }

    private string OfClient() => Text(Numbers(client).Zip(_numbers, (now, before) => now - before));

    private string OfServer() => Text(Numbers(server));

    private static long[] Numbers(CallSeries series) => [series.Started.Value, series.Sent.Value, series.Received.Value, .. Handled(series)];

    private static IEnumerable<long> Handled(CallSeries series)
    {
        var counts = series.Handled.ToDictionary(
            handled => handled.Tags.ToArray().Single(tag => tag.Key == "grpc_code").Value!.ToString()!, handled => handled.Value);
        return Enum.GetValues<StatusCode>().Select(code => counts.GetValueOrDefault(code == StatusCode.Cancelled ? "Canceled" : $"{code}"));
    }

    private static IEnumerable<long> Only(StatusCode ended) => Enum.GetValues<StatusCode>().Select(code => code == ended ? 1L : 0);

    private static string Text(IEnumerable<long> numbers) => string.Join(' ', numbers);

    private static async Task WaitAsync(Func<bool> condition, Func<string> what)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !condition(); await Task.Delay(5, Cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, what());
        }
    }
}
