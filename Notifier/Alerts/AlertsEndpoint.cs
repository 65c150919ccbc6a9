using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using MonoRepo.Notifier.Sending;

namespace MonoRepo.Notifier.Alerts;

/// <summary>
/// <c>POST /alerts</c>, Alertmanager's webhook. 200 only once all receivers' queues have it: what gets a 5xx, Alertmanager sends
/// again.
/// </summary>
internal static partial class AlertsEndpoint
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Maps the endpoint. It checks its own token: Alertmanager has no token of a service account.</summary>
    public static void MapAlerts(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<NotifierOptions>();
        if (options.Receivers.Count == 0)
        {
            NobodyIsTold(app.Logger);
        }

        app.MapPost("/alerts", TakeAsync).AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(MaxBytes));
    }

    private static async Task<IResult> TakeAsync(
        HttpContext context, NotifierOptions options, NotificationQueue queue, TimeProvider clock,
        ILogger<NotificationQueue> logger)
    {
        if (!IsAuthorized(context.Request, options.Token))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.Text("The bearer token is missing or wrong.", statusCode: 401);
        }

        AlertGroup? group;
        try
        {
            group = await JsonSerializer.DeserializeAsync<AlertGroup>(
                context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (BadHttpRequestException exception)
        {
            return Results.Text(exception.Message, statusCode: exception.StatusCode);
        }
        catch (JsonException exception)
        {
            return Refuse(logger, $"The body isn't what Alertmanager's webhook sends: {exception.Message}");
        }

        if ((group is null ? "The body is empty." : group.FindProblem()) is { } problem)
        {
            return Refuse(logger, problem);
        }

        try
        {
            await Task.WhenAll(
                from receiver in options.Receivers
                let heard = @group!.Only(receiver.Value.Severity)
                where heard is not null
                select queue.AddAsync(receiver.Key, heard.Describe(clock.GetUtcNow()), options.DeduplicationWindow));
            return Results.Ok();
        }
        catch (Exception exception) when (NotificationQueue.IsAway(exception))
        {
            NotKept(logger, exception.Message);
            return Results.Text("The queue can't be written; send it again.", statusCode: 503);
        }
    }

    private static IResult Refuse(ILogger logger, string problem)
    {
        Refused(logger, problem);
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

    [LoggerMessage(2, LogLevel.Warning, "Alerts were refused: {Problem}")]
    private static partial void Refused(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Warning, "Alerts could not be queued, and Alertmanager was asked to send them again: {Problem}")]
    private static partial void NotKept(ILogger logger, string problem);
}
