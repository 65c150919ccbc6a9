using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using MonoRepo.Notifier.Alerts;
using MonoRepo.Notifier.Reports;

namespace MonoRepo.Notifier.Sending;

/// <summary>What is posted to be told.</summary>
internal interface INews
{
    /// <summary>The longest body.</summary>
    static abstract int MaxBytes { get; }

    /// <summary>The first thing that is wrong with it; null where it is right.</summary>
    string? FindProblem();

    /// <summary>What a receiver is told; null: nothing.</summary>
    Notification? Describe(ReceiverOptions receiver, DateTimeOffset now);

    /// <summary>For how long the same is told once.</summary>
    TimeSpan Window(NotifierOptions options);
}

/// <summary>
/// <c>POST /alerts</c>, Alertmanager's webhook, and <c>POST /reports</c>. 200 only once all receivers' queues have it: what gets
/// a 5xx is sent again.
/// </summary>
internal static partial class NotificationEndpoints
{
    /// <summary>Maps them. They check their own token: Alertmanager has no token of a service account.</summary>
    public static void MapNotifications(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<NotifierOptions>();
        if (options.Receivers.Count == 0)
        {
            NobodyIsTold(app.Logger);
        }

        Map<AlertGroup>(app, "/alerts");
        Map<Report>(app, "/reports");
    }

    private static void Map<T>(WebApplication app, string path)
        where T : class, INews =>
        app.MapPost(path, TakeAsync<T>).AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(T.MaxBytes));

    private static async Task<IResult> TakeAsync<T>(
        HttpContext context, NotifierOptions options, NotificationQueue queue, UnqueuedPages unqueued, TimeProvider clock,
        ILogger<NotificationQueue> logger)
        where T : class, INews
    {
        if (!IsAuthorized(context.Request, options.Token))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.Text("The bearer token is missing or wrong.", statusCode: 401);
        }

        T? news;
        try
        {
            news = await JsonSerializer.DeserializeAsync<T>(
                context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (BadHttpRequestException exception)
        {
            return Results.Text(exception.Message, statusCode: exception.StatusCode);
        }
        catch (JsonException exception)
        {
            return Refuse(context, logger, $"The body isn't what is taken here: {exception.Message}");
        }

        if ((news is null ? "The body is empty." : news.FindProblem()) is { } problem)
        {
            return Refuse(context, logger, problem);
        }

        try
        {
            await Task.WhenAll(
                from receiver in options.Receivers
                let notification = news!.Describe(receiver.Value, clock.GetUtcNow())
                where notification is not null
                select AddAsync(receiver.Key, notification));
            return Results.Ok();
        }
        catch (Exception exception) when (NotificationQueue.IsAway(exception))
        {
            NotKept(logger, context.Request.Path, exception.Message);
            return Results.Text("The queue can't be written; send it again.", statusCode: 503);
        }

        async Task AddAsync(string receiver, Notification notification)
        {
            try
            {
                await queue.AddAsync(
                    receiver, notification, news!.Window(options), isTold: unqueued.IsTold(receiver, notification));
            }
            catch (Exception exception) when (NotificationQueue.IsAway(exception))
            {
                unqueued.Add(receiver, notification);
                throw;
            }
        }
    }

    private static IResult Refuse(HttpContext context, ILogger logger, string problem)
    {
        Refused(logger, context.Request.Path, problem);
        return Results.Text(problem, statusCode: 400);
    }

    // Of digests, so that neither length nor content shows in the time that it takes.
    private static bool IsAuthorized(HttpRequest request, string? token) =>
        !string.IsNullOrEmpty(token)
        && AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var given)
        && given.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(given.Parameter ?? ""), Digest(token));

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(1, LogLevel.Information, "Nobody is told of alerts: there is no receiver (Notifier__Receivers__NAME__…).")]
    private static partial void NobodyIsTold(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "What was posted to {Path} was refused: {Problem}")]
    private static partial void Refused(ILogger logger, PathString path, string problem);

    [LoggerMessage(
        3, LogLevel.Warning,
        "What was posted to {Path} could not be queued, and the sender was asked to send it again: {Problem}")]
    private static partial void NotKept(ILogger logger, PathString path, string problem);
}
