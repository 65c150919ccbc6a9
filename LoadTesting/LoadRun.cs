using System.Diagnostics;
using Grpc.Core;

namespace MonoRepo.LoadTesting;

/// <summary>As many loops as the concurrency says, each making one call after the other.</summary>
/// <param name="call">Makes one call of a method to its end; what it throws other than <see cref="RpcException"/> ends the
/// run.</param>
/// <param name="options">How much, how long, of what.</param>
/// <param name="progress">Where the run shows how far it is.</param>
/// <typeparam name="TMethod">The methods that load is put on.</typeparam>
public sealed class LoadRun<TMethod>(
    Func<TMethod, Random, CancellationToken, Task> call, LoadOptions<TMethod> options, LoadProgress progress)
    where TMethod : struct, Enum
{
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        await RunForAsync(LoadOptions<TMethod>.WarmUp, LoadProgress.None, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var total = await RunForAsync(options.Duration, progress, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new LoadReport(options.Concurrency, elapsed.TotalSeconds,
            [.. options.Mix.Methods.Distinct().Select(method => total.Report(method, elapsed))]);
    }

    private async Task<LoadRecorder<TMethod>> RunForAsync(
        TimeSpan duration, LoadProgress show, CancellationToken cancellationToken)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var loops = Enumerable.Range(0, options.Concurrency)
            .Select(_ => Task.Run(() => LoopAsync(end, cancellationToken), cancellationToken)).ToArray();
        var all = Task.WhenAll(loops);
        await show.WhileAsync(all, duration);
        var total = new LoadRecorder<TMethod>();
        foreach (var recorder in await all)
        {
            total.Add(recorder);
        }

        return total;
    }

    private async Task<LoadRecorder<TMethod>> LoopAsync(long end, CancellationToken cancellationToken)
    {
        var recorder = new LoadRecorder<TMethod>();
        var random = new Random();
        while (Stopwatch.GetTimestamp() is var start && start < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var method = options.Mix.Next(random);
            try
            {
                await call(method, random, cancellationToken);
                recorder.Success(method, Stopwatch.GetElapsedTime(start));
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                recorder.Error(method, exception.StatusCode);
            }
        }

        return recorder;
    }
}
