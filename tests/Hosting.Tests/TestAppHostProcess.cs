using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace MonoRepo.Tests;

/// <summary>tests/TestAppHost as a process.</summary>
internal sealed class TestAppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly ProcessFamily _family = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestAppHostProcess(string[] arguments)
    {
        // No launch profile: free ports, and several of them side by side.
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "TestAppHost.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        _family.Adopt(start);
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data, error: true);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>All that it has written.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>The lines that it has written to standard error.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Starts it.</summary>
    public static TestAppHostProcess Start(params string[] arguments) => new(arguments);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Text, IReadOnlyList<string> Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        var exitCode = await process.WaitForExitAsync();
        return (exitCode, process.Text, process.Errors);
    }

    /// <summary>Waits until it has written a text.</summary>
    public async Task WaitForAsync(string text)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_text)
        {
            if (_text.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _awaited.Add((text, seen));
        }

        var first = await Task.WhenAny(seen.Task, _closed.Task).WaitAsync(s_timeout, Token);
        Assert.True(first == seen.Task, $"It ended without writing '{text}':\n{Text}");
    }

    /// <summary>Presses Ctrl+C.</summary>
    public void Interrupt() => Assert.Equal(0, SendSignal(_process.Id, signal: 2));

    /// <summary>Waits until it has ended, and all that it wrote is read.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(Token).WaitAsync(s_timeout, Token);
        return _process.ExitCode;
    }

    /// <summary>What it has started and left behind.</summary>
    public IReadOnlyList<RunningProcess> Members() => _family.Members();

    /// <inheritdoc cref="ProcessFamily.WaitUntilGoneAsync"/>
    public Task<IReadOnlyList<RunningProcess>> WaitUntilGoneAsync(TimeSpan timeout) => _family.WaitUntilGoneAsync(timeout, Token);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _family.Kill();
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);

    private void Add(string? line, bool error = false)
    {
        if (line is null)
        {
            _closed.TrySetResult();
            return;
        }

        lock (_text)
        {
            _text.Append(line).Append('\n');
            if (error)
            {
                Errors.Add(line);
            }

            var text = _text.ToString();
            foreach (var (awaited, seen) in _awaited)
            {
                if (text.Contains(awaited, StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}
