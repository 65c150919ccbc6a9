using System.Diagnostics;
using Grpc.Core;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.RouteGuide.Client;

/// <summary>One walk through the four methods, each answer logged.</summary>
internal sealed partial class RouteWalk(RouteGuideClient client, TimeProvider clock, ILogger<RouteWalk> logger)
{
    /// <summary>Each call has to be done in this time, waiting for a server included.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private static readonly Point s_known = new() { Latitude = 409146138, Longitude = -746188906 };
    private static readonly Point s_nowhere = new() { Latitude = 0, Longitude = 0 };

    private static readonly Rectangle s_northernNewJersey = new()
    {
        Lo = new Point { Latitude = 400000000, Longitude = -750000000 },
        Hi = new Point { Latitude = 420000000, Longitude = -730000000 },
    };

    // Telemetry collects the source that is named as the program.
    private static readonly ActivitySource s_source = new(typeof(RouteWalk).Assembly.GetName().Name!);

    /// <exception cref="RpcException">A call failed in spite of its retries.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var activity = s_source.StartActivity("walk");
        await GetFeatureAsync(s_known, cancellationToken);
        await GetFeatureAsync(s_nowhere, cancellationToken);
        var features = await ListFeaturesAsync(s_northernNewJersey, cancellationToken);
        await RecordRouteAsync([.. features.Select(feature => feature.Location).Take(10)], cancellationToken);
        await RouteChatAsync(cancellationToken);
    }

    private async Task GetFeatureAsync(Point point, CancellationToken cancellationToken)
    {
        var feature = await client.GetFeatureAsync(point, Options(cancellationToken));
        if (feature.Name.Length > 0)
        {
            LogFeature(feature.Name, point.Latitude, point.Longitude);
        }
        else
        {
            LogNoFeature(point.Latitude, point.Longitude);
        }
    }

    private async Task<List<Feature>> ListFeaturesAsync(Rectangle rectangle, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var features = new List<Feature>();
        using var call = client.ListFeatures(rectangle, Options(cancellationToken));
        await foreach (var feature in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            features.Add(feature);
        }

        LogList(features.Count, features.FirstOrDefault()?.Name ?? "none", clock.GetElapsedTime(start).TotalMilliseconds);
        return features;
    }

    private async Task RecordRouteAsync(IReadOnlyList<Point> points, CancellationToken cancellationToken)
    {
        using var call = client.RecordRoute(Options(cancellationToken));
        foreach (var point in points)
        {
            await call.RequestStream.WriteAsync(point, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        var summary = await call;
        LogRoute(summary.PointCount, summary.FeatureCount, summary.Distance, summary.ElapsedTime);
    }

    private async Task RouteChatAsync(CancellationToken cancellationToken)
    {
        using var call = client.RouteChat(Options(cancellationToken));
        var reading = ReadAsync();
        try
        {
            foreach (var longitude in (int[])[0, 1, 0])
            {
                await call.RequestStream.WriteAsync(new RouteNote
                {
                    Location = new Point { Latitude = 0, Longitude = longitude },
                    Message = $"Passed by {Environment.MachineName} at {clock.GetUtcNow():HH:mm:ss}",
                }, cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // A write to a call that has ended says less than the status, which the reading side throws.
        }

        var (count, last) = await reading;
        LogChat(count, last);

        async Task<(int Count, string Last)> ReadAsync()
        {
            var (count, last) = (0, "none");
            await foreach (var note in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                (count, last) = (count + 1, note.Message);
            }

            return (count, last);
        }
    }

    private CallOptions Options(CancellationToken cancellationToken) =>
        new(deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: cancellationToken);

    [LoggerMessage(1, LogLevel.Information, "GetFeature: {Name} is at {Latitude},{Longitude}.")]
    private partial void LogFeature(string name, int latitude, int longitude);

    [LoggerMessage(2, LogLevel.Information, "GetFeature: nothing is known at {Latitude},{Longitude}.")]
    private partial void LogNoFeature(int latitude, int longitude);

    [LoggerMessage(
        3, LogLevel.Information, "ListFeatures: {Count} features in the rectangle, the first {First}, in {Milliseconds:0.0} ms.")]
    private partial void LogList(int count, string first, double milliseconds);

    [LoggerMessage(
        4, LogLevel.Information, "RecordRoute: {Points} points, {Features} features passed, {Metres} m in {Seconds} s.")]
    private partial void LogRoute(int points, int features, int metres, int seconds);

    [LoggerMessage(5, LogLevel.Information, "RouteChat: {Count} earlier notes, the last: {Last}")]
    private partial void LogChat(int count, string last);
}
