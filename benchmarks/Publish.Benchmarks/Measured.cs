using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MonoRepo.Publish.Benchmarks;

/// <summary>A process that has run to its end, or to its time limit: then <see cref="ExitCode"/> is null.</summary>
internal sealed record Measured(
    TimeSpan Elapsed, TimeSpan Processor, double PeakMegabytes, int? ExitCode, string Output, string Error)
{
    private const int NotStarted = 127;

    /// <summary>
    /// Runs a program and kills it at the limit. Peak memory (VmHWM) and processor time are the kernel's own figures, read every
    /// 20 ms while it runs: what it does after the last reading is missing.
    /// </summary>
    public static async Task<Measured> RunAsync(TimeSpan limit, string folder, string program, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = new Process
        {
            StartInfo = new(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new(default, default, 0, NotStarted, "", $"{program}: {exception.Message}");
        }

        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var peak = 0.0;
        var processor = TimeSpan.Zero;
        var exited = process.WaitForExitAsync();
        while (!exited.IsCompleted && watch.Elapsed < limit)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            processor = ProcessorOf(process) ?? processor;
            await Task.WhenAny(exited, Task.Delay(20));
        }

        var elapsed = watch.Elapsed;
        var ended = exited.IsCompleted;
        if (!ended)
        {
            process.Kill();
            await exited;
        }

        return new(elapsed, processor, peak, ended ? process.ExitCode : null, await output, await error);
    }

    private static TimeSpan? ProcessorOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    // VmHWM:    123456 kB
    private static double PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
