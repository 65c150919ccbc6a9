using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>A program of the system on a port of loopback; it ends with the test process at the latest.</summary>
public sealed class ToolProcess : IDisposable
{
    // Only the test process holds the other end of the shell's standard input, so that it closes however the test process ends.
    private const string Watchdog = "\"$@\" </dev/null >/dev/null 2>&1 & read -r _; { kill -9 $!; wait; } 2>/dev/null";

    private readonly Process _shell;

    private ToolProcess(Process shell) => _shell = shell;

    /// <summary>Starts it and waits until it listens; skips the test where it isn't installed.</summary>
    public static async Task<ToolProcess> StartAsync(string program, int port, params string[] arguments)
    {
        // Debian keeps some daemons in a folder that isn't on every PATH.
        var folders = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':');
        var path = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed.");
        var start = new ProcessStartInfo("sh", ["-c", Watchdog, "sh", path!, .. arguments]) { RedirectStandardInput = true };
        var tool = new ToolProcess(Process.Start(start)!);
        await Eventually.HoldsAsync(async () => await IsListeningAsync(port), $"{program} listens");
        return tool;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
