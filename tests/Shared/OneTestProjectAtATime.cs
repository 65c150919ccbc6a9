using Xunit.Sdk;
using Xunit.v3;

namespace MonoRepo.Tests;

/// <summary>
/// `dotnet test` starts several test projects at once, as many as there are processors. Ours start real orchestrators, clusters and
/// browsers, which on two cores would only slow each other past their deadlines, so each project waits for its turn in this checkout.
/// </summary>
public sealed class OneTestProjectAtATime : ITestPipelineStartup
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    // Several times what the longest project takes: a test that hangs fails its project instead of stopping all the others.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(25);

    private FileStream? _turn;
    private Timer? _watchdog;

    /// <inheritdoc/>
    public async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
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

        // Explicit tests may take hours.
        if (!Environment.GetCommandLineArgs().Contains("--explicit"))
        {
            _watchdog = new(
                _ => Environment.FailFast($"A test hangs: its project has not ended after {s_timeout.TotalMinutes} minutes."),
                null, s_timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync()
    {
        _watchdog?.Dispose();
        if (_turn is not null)
        {
            await _turn.DisposeAsync();
        }
    }
}
