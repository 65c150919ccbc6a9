using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dashboard;

namespace MonoRepo.Tests.Dashboard;

public sealed class DashboardLogsTests
{
    [Fact]
    public async Task LinesKeepTheirLevelAndStandUnderOneCategory()
    {
        var written = await RelayAsync("""{"EventId":7,"LogLevel":"Warning","Category":"Aspire.Dashboard.Model.X","Message":"careful"}""");

        Assert.Equal([("Aspire.Hosting.Dashboard.Model.X", LogLevel.Warning, "careful")], written);
    }

    [Fact]
    public async Task LibrariesStandApartAndBringTheirException()
    {
        var written = await RelayAsync("""{"EventId":7,"LogLevel":"Error","Category":"Microsoft.X","Message":"oh","Exception":"System.Exception: no"}""");

        Assert.Equal([("Aspire.Hosting.Dashboard.ThirdParty.Microsoft.X", LogLevel.Error, $"oh{Environment.NewLine}System.Exception: no")], written);
    }

    [Fact]
    public async Task APageThatWasClosedWhileLoadingIsNoError()
    {
        var written = await RelayAsync("""{"EventId":111,"LogLevel":"Error","Category":"Microsoft.X","Message":"oh","Exception":"Microsoft.JSInterop.JSDisconnectedException: gone"}""");

        Assert.Equal(LogLevel.Debug, Assert.Single(written).Level);
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("{ not json")]
    public async Task WhatIsNotJsonIsPassedOnAsItIs(string line)
    {
        var (category, level, text) = Assert.Single(await RelayAsync(line));

        Assert.Equal(("Aspire.Hosting.Dashboard", LogLevel.Information), (category, level));
        Assert.EndsWith(line, text, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<(string Category, LogLevel Level, string Text)>> RelayAsync(string line)
    {
        var dashboard = new ExecutableResource("aspire-dashboard", "dashboard", ".");
        using var logs = new ResourceLoggerService();
        logs.GetLogger(dashboard).LogInformation("{Line}", line);
        using var loggers = new Recorder();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var relay = new DashboardLogs(logs, loggers).RelayAsync(dashboard, end.Token);
        await loggers.FirstLine.WaitAsync(end.Token);
        await end.CancelAsync();
        await relay;
        return loggers.Written;
    }

    private sealed class Recorder : ILoggerFactory
    {
        private readonly TaskCompletionSource _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<(string, LogLevel, string)> Written { get; } = [];

        public Task FirstLine => _firstLine.Task;

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, line =>
        {
            Written.Enqueue(line);
            _firstLine.TrySetResult();
        });

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Logger(string category, Action<(string, LogLevel, string)> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write((category, logLevel, formatter(state, exception)));
    }
}
