using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace MonoRepo.Tests.Services;

/// <summary>
/// One of the repository's services as a process of its own, on free ports of loopback; it ends with the test process at the
/// latest.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

    // Only the test process holds the other end of the shell's standard input, so that it closes however the test process ends.
    private const string Watchdog =
        """
        exec 3<&0
        "$@" </dev/null 3<&- & server=$!
        echo "pid $server"
        ( read -r _ <&3; kill -9 $server 2>/dev/null ) &
        wait $server; echo "exit $?"
        """;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<Uri> _addresses = new();
    private readonly TaskCompletionSource<int> _pid = new();
    private readonly TaskCompletionSource<int> _exit = new();

    private ServiceProcess(Process process) => _process = process;

    /// <summary>What it printed so far.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Where it listens, in the order of the endpoints' names.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _addresses];

    /// <summary>Done with the exit code when the process has ended.</summary>
    public Task<int> Exit => _exit.Task;

    /// <summary>
    /// Starts <paramref name="project"/> (its folder's name) as built beside the caller, with these variables and arguments.
    /// </summary>
    public static ServiceProcess Start(string project, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var assembly = Repository.OutputOf(project, $"MonoRepo.{project}.dll");
        var host = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet";

        // By env, because a shell drops variables whose names it could not write, such as services__a-b__http__0.
        var variables = environment.Select(variable => $"{variable.Key}={variable.Value}");
        var start = new ProcessStartInfo("sh", ["-c", Watchdog, "sh", "env", .. variables, host, assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        var service = new ServiceProcess(new Process { StartInfo = start });
        service._process.OutputDataReceived += (_, line) => service.Read(line.Data);
        service._process.ErrorDataReceived += (_, line) => service.Read(line.Data);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Waits until a line contains <paramref name="text"/>.</summary>
    public Task WaitForLogAsync(string text, CancellationToken cancellationToken) =>
        WaitUntilAsync(
            () => _lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"'{text}' in its log", cancellationToken);

    /// <summary>Waits until it listens on as many addresses.</summary>
    public Task WaitForAddressesAsync(int count, CancellationToken cancellationToken) =>
        WaitUntilAsync(() => _addresses.Count >= count, $"{count} addresses", cancellationToken);

    /// <summary>Sends a signal: TERM, KILL, STOP, CONT.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", (await _pid.Task).ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The most memory that it has had in use, in bytes; 0 where there is no /proc.</summary>
    public async Task<long> PeakMemoryAsync()
    {
        // VmHWM:   123456 kB
        var status = $"/proc/{await _pid.Task}/status";
        var line = File.Exists(status)
            ? File.ReadLines(status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            : "0 0";
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>The processor time that it has taken so far.</summary>
    public async Task<TimeSpan> ProcessorTimeAsync()
    {
        using var process = Process.GetProcessById(await _pid.Task);
        return process.TotalProcessorTime;
    }

    /// <summary>
    /// The CPU time of the thread that does tiered JIT compilation. The runtime ends that thread when it has been idle for
    /// seconds, and its time is lost then. 0 on other systems than Linux.
    /// </summary>
    public async Task<TimeSpan> TieredCompilationTimeAsync()
    {
        using var process = Process.GetProcessById(await _pid.Task);
        var tasks = $"/proc/{process.Id}/task";
        return OperatingSystem.IsLinux()
            ? process.Threads.Cast<ProcessThread>()
                .Where(t => File.Exists($"{tasks}/{t.Id}/comm")
                    && File.ReadAllText($"{tasks}/{t.Id}/comm").StartsWith(".NET Tiered", StringComparison.Ordinal))
                .Aggregate(TimeSpan.Zero, (sum, thread) => sum + thread.TotalProcessorTime)
            : TimeSpan.Zero;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        switch (line)
        {
            case null:
                break;
            case var _ when line.StartsWith("pid ", StringComparison.Ordinal):
                _pid.TrySetResult(int.Parse(line[4..], CultureInfo.InvariantCulture));
                break;
            case var _ when line.StartsWith("exit ", StringComparison.Ordinal):
                _exit.TrySetResult(int.Parse(line[5..], CultureInfo.InvariantCulture));
                break;
            default:
                _lines.Enqueue(line);
                if (line.Split("Now listening on: ") is [_, var address])
                {
                    _addresses.Enqueue(new Uri(address));
                }

                break;
        }
    }

    /// <summary>
    /// Waits until the condition holds; <paramref name="what"/> names it in the fault, with what the process printed.
    /// </summary>
    public async Task WaitUntilAsync(Func<bool> condition, string what, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(20, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(start) > s_timeout || Exit.IsCompleted)
            {
                throw new TimeoutException($"There was no {what}. The process printed:\n{Log}");
            }
        }
    }
}
