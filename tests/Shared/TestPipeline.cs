using Xunit.Sdk;
using Xunit.v3;

namespace MonoRepo.Tests;

/// <summary>Ends a test project in which a test hangs, so that it fails instead of stopping all the others.</summary>
public class TestWatchdog : ITestPipelineStartup
{
    // Several times what the longest project takes.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(25);

    private Timer? _watchdog;

    /// <inheritdoc/>
    public virtual ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        // Explicit tests may take hours.
        if (!Environment.GetCommandLineArgs().Contains("--explicit"))
        {
            _watchdog = new(
                _ => Environment.FailFast($"A test hangs: its project has not ended after {s_timeout.TotalMinutes} minutes."),
                null, s_timeout, Timeout.InfiniteTimeSpan);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public virtual ValueTask StopAsync() => _watchdog?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>
/// `dotnet test` starts as many test projects at once as there are processors. Those that run app hosts or builds fill two cores alone and
/// would only slow each other past their deadlines, so each of them waits for its turn in this checkout; the others mostly wait, beside them.
/// </summary>
public sealed class OneAppHostProjectAtATime : TestWatchdog
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private FileStream? _turn;

    /// <inheritdoc/>
    public override async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        var path = Path.Combine(Directory.CreateDirectory(Repository.PathOf("artifacts")).FullName, "tests.lock");
        while (_turn is null)
        {
            try
            {
                // The kernel holds this lock, so it also ends with a test process that is killed.
                _turn = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(s_interval);
            }
        }

        await base.StartAsync(diagnosticMessageSink);
    }

    /// <inheritdoc/>
    public override async ValueTask StopAsync()
    {
        await base.StopAsync();
        if (_turn is not null)
        {
            await _turn.DisposeAsync();
        }
    }
}
