using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>
/// Processes that do not end when DCP asks them to. DCP would kill them after six seconds; who pressed Ctrl-C waits three.
/// </summary>
internal sealed partial class Stragglers(ILogger<Stragglers> logger)
{
    private readonly ConcurrentDictionary<string, (int Pid, DateTime StartedAt)> _processes = new();

    /// <summary>Remembers the process of an instance.</summary>
    public void Started(string instance, int pid, DateTime startedAtUtc) => _processes[instance] = (pid, startedAtUtc);

    public void Ended(string instance) => _processes.TryRemove(instance, out _);

    /// <summary>Kills every process that is left, and its children.</summary>
    public void Kill()
    {
        foreach (var (instance, (pid, startedAt)) in _processes)
        {
            try
            {
                using var process = Process.GetProcessById(pid);

                // Its number may be another's by now.
                if (Math.Abs((process.StartTime.ToUniversalTime() - startedAt).TotalSeconds) < 5)
                {
                    process.Kill(entireProcessTree: true);
                    Log.Killed(logger, instance, pid);
                }
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has ended.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Instance} (pid {Pid}) did not end when asked to and was killed.")]
        public static partial void Killed(ILogger logger, string instance, int pid);
    }
}
