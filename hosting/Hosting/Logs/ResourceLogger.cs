using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>Writes to the logs of instances what the AppHost has to say about them.</summary>
internal sealed class ResourceLogger(ResourceLog[] logs) : ILogger
{
    /// <summary>The timestamp before every line, as the dashboard reads it.</summary>
    internal const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffffffK";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception) + (exception is null ? null : Environment.NewLine + exception);
        var line = $"{DateTime.UtcNow.ToString(TimestampFormat, CultureInfo.InvariantCulture)} {text}";
        foreach (var log in logs)
        {
            log.Append(line, isError: logLevel >= LogLevel.Error);
        }
    }
}
