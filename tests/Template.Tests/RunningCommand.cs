using System.Diagnostics;
using System.Text;

namespace MonoRepo.Tests;

/// <summary>A program that runs until the test has seen enough of it.</summary>
internal sealed class RunningCommand : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_cleanupTimeout = TimeSpan.FromSeconds(45);

    private readonly ProcessFamily _family = new();
    private readonly Process _process;
    private readonly Task<string> _error;

    public RunningCommand(string directory, string program, params string[] arguments)
    {
        var start = CommandLine.Start(directory, program, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _family.Adopt(start);
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first line of its output that is meant.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> isMeant)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_timeout);
        var text = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (isMeant(line))
            {
                return line;
            }

            text.AppendLine(line);
        }

        Assert.Fail($"It ended without that line:\n{text}{await _error}");
        return "";
    }

    public async ValueTask DisposeAsync()
    {
        _family.Kill();
        Assert.Empty(await _family.WaitUntilGoneAsync(s_cleanupTimeout, TestContext.Current.CancellationToken));
        _process.Dispose();
    }
}
