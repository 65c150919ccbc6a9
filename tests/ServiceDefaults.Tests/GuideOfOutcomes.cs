using Grpc.Core;
using Routeguide;

namespace MonoRepo.Tests;

/// <summary>A route guide whose methods end as the latitude of the request says.</summary>
internal sealed class GuideOfOutcomes : Routeguide.RouteGuide.RouteGuideBase
{
    /// <summary>Answers.</summary>
    public const int Answer = 0;

    /// <summary>Throws what nobody expects.</summary>
    public const int Fault = 1;

    /// <summary>Refuses.</summary>
    public const int Refusal = 2;

    /// <summary>Waits until the call is over.</summary>
    public const int Wait = 3;

    /// <summary>Answers with a status, without an exception.</summary>
    public const int Status = 4;

    /// <summary>Refuses for a limit of its own.</summary>
    public const int Exhausted = 5;

    public override async Task<Feature> GetFeature(Point request, ServerCallContext context)
    {
        await EndAsync(request.Latitude, context);
        return new Feature { Location = request };
    }

    public override async Task ListFeatures(Rectangle request, IServerStreamWriter<Feature> responses, ServerCallContext context)
    {
        for (var i = 0; i < 3; i++)
        {
            await responses.WriteAsync(new Feature(), context.CancellationToken);
        }

        await EndAsync(request.Lo?.Latitude ?? Answer, context);
    }

    public override async Task<RouteSummary> RecordRoute(IAsyncStreamReader<Point> requests, ServerCallContext context)
    {
        var count = 0;
        await foreach (var point in requests.ReadAllAsync(context.CancellationToken))
        {
            count++;
            await EndAsync(point.Latitude, context);
        }

        return new RouteSummary { PointCount = count };
    }

    public override async Task RouteChat(
        IAsyncStreamReader<RouteNote> requests, IServerStreamWriter<RouteNote> responses, ServerCallContext context)
    {
        await foreach (var note in requests.ReadAllAsync(context.CancellationToken))
        {
            await responses.WriteAsync(note, context.CancellationToken);
            await responses.WriteAsync(note, context.CancellationToken);
            await EndAsync(note.Location?.Latitude ?? Answer, context);
        }
    }

    private static async Task EndAsync(int outcome, ServerCallContext context)
    {
        switch (outcome)
        {
            case Fault:
                throw new InvalidOperationException();
            case Refusal:
                throw new RpcException(new(StatusCode.InvalidArgument, "no"));
            case Exhausted:
                throw new RpcException(new(StatusCode.ResourceExhausted, "too much"));
            case Wait:
                await WaitAsync(context);
                break;
            case Status:
                context.Status = new Status(StatusCode.NotFound, "none");
                break;
        }
    }

    /// <summary>
    /// The caller's clock runs ahead of the server's, on a busy machine by a lot: its reset of the stream is only sure to be
    /// taken for the deadline where the server's has passed too. A deadline that is far is none that ended the call.
    /// </summary>
    private static async Task WaitAsync(ServerCallContext context)
    {
        await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var left = context.Deadline - DateTime.UtcNow;
        if (left > TimeSpan.Zero && left < TimeSpan.FromSeconds(5))
        {
            await Task.Delay(left);
        }

        context.CancellationToken.ThrowIfCancellationRequested();
    }
}
