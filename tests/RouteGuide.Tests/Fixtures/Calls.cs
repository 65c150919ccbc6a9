using Grpc.Core;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests;

/// <summary>The four calls as plain functions.</summary>
internal static class Calls
{
    public static readonly Point Known = new() { Latitude = 409146138, Longitude = -746188906 };

    public static Point At(int latitude, int longitude) => new() { Latitude = latitude, Longitude = longitude };

    public static CallOptions Options(double seconds = 10) =>
        new(deadline: DateTime.UtcNow.AddSeconds(seconds), cancellationToken: TestContext.Current.CancellationToken);

    public static async Task<List<Feature>> ListAsync(this RouteGuideClient client, Point? lo, Point? hi)
    {
        using var call = client.ListFeatures(new Rectangle { Lo = lo, Hi = hi }, Options());
        return await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync();
    }

    public static async Task<RouteSummary> RecordAsync(this RouteGuideClient client, params Point[] points)
    {
        using var call = client.RecordRoute(Options());
        await WriteAsync(call.RequestStream, points);
        return await call;
    }

    public static async Task<List<string>> ChatAsync(this RouteGuideClient client, Point location, params string[] messages)
    {
        using var call = client.RouteChat(Options());
        await WriteAsync(
            call.RequestStream, messages.Select(message => new RouteNote { Location = location, Message = message }));
        return [.. (await call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync())
            .Select(note => note.Message)];
    }

    private static async Task WriteAsync<T>(IClientStreamWriter<T> stream, IEnumerable<T> messages)
    {
        try
        {
            foreach (var message in messages)
            {
                await stream.WriteAsync(message);
            }

            await stream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The server has ended the call already: its answer, which is read next, has the status.
        }
    }

    public static async Task<RpcException> FailsAsync(StatusCode status, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(status == exception.StatusCode, exception.ToString());
        return exception;
    }
}
