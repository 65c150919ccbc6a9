using Grpc.Core;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.RouteGuide.Client.Load;

/// <summary>
/// One call of each method as the load makes it; points are those of the database that the client listed first.
/// </summary>
internal sealed class LoadCalls(RouteGuideClient client, IReadOnlyList<Point> points)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private const int Reach = 500_000;
    private const int RoutePoints = 10;

    /// <summary>Points of northern New Jersey's features.</summary>
    public static async Task<LoadCalls> CreateAsync(RouteGuideClient client, CancellationToken cancellationToken)
    {
        var everything = new Rectangle
        {
            Lo = new Point { Latitude = 400000000, Longitude = -750000000 },
            Hi = new Point { Latitude = 420000000, Longitude = -730000000 },
        };
        var points = new List<Point>();
        using var call = client.ListFeatures(everything, Options(cancellationToken));
        await foreach (var feature in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            points.Add(feature.Location);
            if (points.Count == 10_000)
            {
                break;
            }
        }

        return new LoadCalls(client, points.Count > 0 ? points : [new Point()]);
    }

    public Task MakeAsync(LoadMethod method, Random random, CancellationToken cancellationToken) => method switch
    {
        LoadMethod.Get => client.GetFeatureAsync(Pick(random), Options(cancellationToken)).ResponseAsync,
        LoadMethod.List => ListAsync(random, cancellationToken),
        LoadMethod.Record => RecordAsync(random, cancellationToken),
        _ => ChatAsync(random, cancellationToken),
    };

    private async Task ListAsync(Random random, CancellationToken cancellationToken)
    {
        var centre = Pick(random);
        var rectangle = new Rectangle
        {
            Lo = new Point { Latitude = centre.Latitude - Reach, Longitude = centre.Longitude - Reach },
            Hi = new Point { Latitude = centre.Latitude + Reach, Longitude = centre.Longitude + Reach },
        };
        using var call = client.ListFeatures(rectangle, Options(cancellationToken));
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
        }
    }

    private async Task RecordAsync(Random random, CancellationToken cancellationToken)
    {
        using var call = client.RecordRoute(Options(cancellationToken));
        for (var i = 0; i < RoutePoints; i++)
        {
            await call.RequestStream.WriteAsync(Pick(random), cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await call;
    }

    private async Task ChatAsync(Random random, CancellationToken cancellationToken)
    {
        using var call = client.RouteChat(Options(cancellationToken));
        await call.RequestStream.WriteAsync(new RouteNote { Location = Pick(random), Message = "load" }, cancellationToken);
        await call.RequestStream.CompleteAsync();
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
        }
    }

    private Point Pick(Random random) => points[random.Next(points.Count)];

    private static CallOptions Options(CancellationToken cancellationToken) =>
        new(deadline: DateTime.UtcNow + s_deadline, cancellationToken: cancellationToken);
}
