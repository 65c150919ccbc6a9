using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Tests.Engine;

/// <summary>Keeps what would go to the console.</summary>
internal sealed class LinesLoggerProvider : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _written = new(0);

    public string Text => string.Join('\n', _lines);

    /// <summary>Whether the text was written before the deadline.</summary>
    public async Task<bool> UntilAsync(string text, CancellationToken deadline)
    {
        try
        {
            while (!Text.Contains(text, StringComparison.Ordinal))
            {
                await _written.WaitAsync(deadline);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(_lines, _written);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> lines, SemaphoreSlim written) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
            written.Release();
        }
    }
}
