using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Passes the dashboard's own log on to the AppHost's, each line under its category and level.</summary>
internal sealed class DashboardLogs(ResourceLoggerService logs, ILoggerFactory loggers)
{
    private const string Category = "Aspire.Hosting.Dashboard";
    private const string OwnPrefix = "Aspire.Dashboard.";

    private readonly ConcurrentDictionary<string, ILogger> _loggers = [];

    /// <summary>Until the AppHost stops: then the dashboard loses its feed, and its complaints are of no interest.</summary>
    public async Task RelayAsync(IResource dashboard, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in logs.WatchAsync(dashboard).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                foreach (var line in batch)
                {
                    Relay(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Relay(LogLine line)
    {
        // 2026-11-20T14:00:00.1234567Z {"EventId":0,"LogLevel":"Warning","Category":"Aspire.Dashboard.X","Message":"…","Exception":"…"}
        var start = line.Content.IndexOf('{', StringComparison.Ordinal);
        try
        {
            if (start >= 0 && JsonSerializer.Deserialize(line.Content.AsSpan(start), DashboardLogJson.Default.DashboardLogEntry) is { Message: { } message } entry)
            {
                var logger = _loggers.GetOrAdd(NameOf(entry.Category ?? ""), loggers.CreateLogger);
                logger.Log(LevelOf(entry), entry.EventId, entry.Exception is { } exception ? $"{message}{Environment.NewLine}{exception}" : message, null, static (text, _) => text);
                return;
            }
        }
        catch (JsonException)
        {
            // A line that some library wrote by itself.
        }

        _loggers.GetOrAdd(Category, loggers.CreateLogger).Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, 0, line.Content, null, static (text, _) => text);
    }

    /// <summary>A person who closes a page while it loads is no event, though Blazor calls it an unhandled exception.</summary>
    private static LogLevel LevelOf(DashboardLogEntry entry) =>
        entry.Exception?.Contains("JSDisconnectedException", StringComparison.Ordinal) is true ? LogLevel.Debug : entry.LogLevel;

    /// <summary>Libraries of the dashboard stand under one name, so that one filter silences them.</summary>
    private static string NameOf(string category) =>
        category.StartsWith(OwnPrefix, StringComparison.Ordinal) ? $"{Category}.{category[OwnPrefix.Length..]}" : $"{Category}.ThirdParty.{category}";
}

/// <summary>A line of .NET's JSON console logger.</summary>
internal sealed record DashboardLogEntry(int EventId, LogLevel LogLevel, string? Category, string? Message, string? Exception);

/// <summary>Reads <see cref="DashboardLogEntry"/>.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(DashboardLogEntry))]
internal sealed partial class DashboardLogJson : JsonSerializerContext;
