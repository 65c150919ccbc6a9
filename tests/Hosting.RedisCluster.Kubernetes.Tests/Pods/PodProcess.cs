using System.Diagnostics;
using System.Globalization;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>What a container is: a process in a session of its own, which ends with the test in whatever way that ends.</summary>
internal sealed class PodProcess : IDisposable
{
    // The shell waits for the end of its standard input. What it started stays a zombie until then.
    private const string Watchdog =
        """
        log=$1; shift
        setsid "$@" </dev/null >>"$log" 2>&1 & process=$!
        echo $process
        read -r _
        kill -9 -$process $process; wait
        """;

    private readonly Process _watchdog;
    private readonly int _process;

    public PodProcess(IReadOnlyDictionary<string, string> environment, string log, params IEnumerable<string> command)
    {
        _watchdog = Shell.Start(environment, ["sh", "-c", Watchdog, "sh", log, .. command]);
        _process = int.Parse(_watchdog.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    public bool HasEnded => Stat is not [_, not "Z", ..];

    /// <summary>Of the process and of those that it has waited for.</summary>
    public double ProcessorSeconds =>
        Stat is { Length: > 15 } stat ? stat[12..16].Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / 100 : 0;

    // 4711 (redis-server) S ppid pgrp … utime stime cutime cstime; from the closing parenthesis on.
    private string[] Stat
    {
        get
        {
            try
            {
                return File.ReadAllText($"/proc/{_process}/stat") is var text ? text[text.LastIndexOf(')')..].Split(' ') : [];
            }
            catch (IOException)
            {
                return [];
            }
        }
    }

    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{_process}"]).WaitForExit();

    public void Dispose()
    {
        _watchdog.StandardInput.Close();
        _watchdog.WaitForExit();
        _watchdog.Dispose();
    }
}
