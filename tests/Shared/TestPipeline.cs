using Xunit.Sdk;
using Xunit.v3;

namespace MonoRepo.Tests;

/// <summary>What every test project does before its first test.</summary>
public sealed class TestPipeline : ITestPipelineStartup
{
    // Several times what the longest project takes.
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(25);

    private Timer? _watchdog;

    /// <inheritdoc/>
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        // What tests start lives for seconds: to measure its code and to compile it again costs a seventh more than it saves.
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCounting", "0");

        // A test that hangs fails its project instead of stopping all others. Explicit tests may take hours.
        if (!Environment.GetCommandLineArgs().Contains("--explicit"))
        {
            _watchdog = new(
                _ => Environment.FailFast($"A test hangs: its project has not ended after {s_timeout.TotalMinutes} minutes."),
                null, s_timeout, Timeout.InfiniteTimeSpan);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask StopAsync() => _watchdog?.DisposeAsync() ?? ValueTask.CompletedTask;
}
