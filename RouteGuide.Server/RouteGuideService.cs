using System.Text;
using Grpc.Core;
using MonoRepo.RouteGuide.Server.Storage;
using Routeguide;

namespace MonoRepo.RouteGuide.Server;

/// <summary>
/// The four methods: they check, ask the stores and translate. Errors of the stores are mapped by ServiceDefaults.
/// </summary>
internal sealed class RouteGuideService(IFeatureStore features, INoteStore notes, TimeProvider clock)
    : Routeguide.RouteGuide.RouteGuideBase
{
    public override async Task<Feature> GetFeature(Point request, ServerCallContext context)
    {
        var location = Coordinates.Check(request, "point");
        var name = await features.FindAsync(location, context.CancellationToken);
        return new Feature { Name = name ?? "", Location = request };
    }

    public override async Task ListFeatures(Rectangle request, IServerStreamWriter<Feature> responses, ServerCallContext context)
    {
        var area = Coordinates.Check(request);
        var count = 0;
        await foreach (var (location, name) in features.ListAsync(area, context.CancellationToken))
        {
            if (++count > Limits.ListedFeatures)
            {
                throw Coordinates.Exhausted(
                    $"The rectangle holds more than {Limits.ListedFeatures} features; ask for a smaller one.");
            }

            await responses.WriteAsync(new Feature { Name = name, Location = location.ToPoint() }, context.CancellationToken);
        }
    }

    public override async Task<RouteSummary> RecordRoute(IAsyncStreamReader<Point> requests, ServerCallContext context)
    {
        var route = new RouteRecorder(features, clock, context.CancellationToken);
        await foreach (var point in requests.ReadAllAsync(context.CancellationToken))
        {
            if (route.PointCount == Limits.RoutePoints)
            {
                throw Coordinates.Exhausted($"The route has more than {Limits.RoutePoints} points; record it in parts.");
            }

            await route.AddAsync(Coordinates.Check(point, "point"));
        }

        return await route.FinishAsync();
    }

    public override async Task RouteChat(
        IAsyncStreamReader<RouteNote> requests, IServerStreamWriter<RouteNote> responses, ServerCallContext context)
    {
        var count = 0;
        await foreach (var note in requests.ReadAllAsync(context.CancellationToken))
        {
            if (++count > Limits.ChatNotes)
            {
                throw Coordinates.Exhausted($"The call has more than {Limits.ChatNotes} notes; go on in another.");
            }

            var location = Coordinates.Check(note.Location, "note.location");
            if (Encoding.UTF8.GetByteCount(note.Message) is > Limits.NoteBytes and var size)
            {
                throw Coordinates.Invalid($"note.message has {size} bytes; at most {Limits.NoteBytes} are taken.");
            }

            foreach (var earlier in await notes.AddAsync(location, note.Message, context.CancellationToken))
            {
                await responses.WriteAsync(
                    new RouteNote { Location = note.Location, Message = earlier }, context.CancellationToken);
            }
        }
    }
}
