using System.Diagnostics;
using System.Globalization;
using MonoRepo.Hosting.RedisCluster.Local;
using MonoRepo.Hosting.RedisCluster.Topology;

namespace MonoRepo.Tests.Redis;

/// <summary>One member of a test's cluster.</summary>
public sealed class RedisNodeProcess : IDisposable
{
    // The shell waits for the end of its standard input. Only the test process holds the other end of that pipe, so it
    // closes in whatever way the test process dies; then the server is killed and its directory removed,
    // by the last member also the cluster's.
    private const string Watchdog =
        """
        directory=$1; shift
        "$@" </dev/null >>"$directory/log" 2>&1 & server=$!
        echo $server
        read -r _
        kill -9 $server; wait; rm -rf "$directory"; rmdir "$(dirname "$directory")"
        """;

    private readonly RedisEngine _engine;
    private readonly MemberSettings _settings;
    private Process? _watchdog;
    private Process? _server;

    internal RedisNodeProcess(RedisEngine engine, string name, MemberSettings settings)
    {
        (_engine, _settings) = (engine, settings);
        Member = new(name, new(System.Net.IPAddress.Loopback, settings.Port));
    }

    /// <summary>Where it listens on loopback.</summary>
    public int Port => _settings.Port;

    /// <summary>What the process has printed so far.</summary>
    public string Log => File.ReadAllText(Path.Combine(_settings.Directory, "log"));

    internal ClusterMember Member { get; }

    /// <summary>Starts the process: the first time, or again on the same port with what it had kept.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _watchdog?.Kill();
        _watchdog?.Dispose();
        var command = _engine == RedisEngine.Garnet
            ? GarnetServer.Command(GarnetServer.DefaultPath, _settings)
            : RedisServer.Command(_settings);
        command.SecretFile?.Write();
        var start = new ProcessStartInfo("sh", ["-c", Watchdog, "sh", _settings.Directory, command.Program, .. command.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        _watchdog = Process.Start(start)!;
        var pid = await _watchdog.StandardOutput.ReadLineAsync(cancellationToken);
        _server = Process.GetProcessById(int.Parse(pid!, CultureInfo.InvariantCulture));
    }

    /// <summary>Kills the process as a crash would, and waits until its port is free.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _server!.Kill();
        while (!FreePorts.IsFree(Port))
        {
            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>Stops the process with all its connections open, or lets it go on.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _server!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends the process and removes its directory.</summary>
    public void Dispose()
    {
        _watchdog?.StandardInput.Close();
        _watchdog?.WaitForExit();
        _watchdog?.Dispose();
        _server?.Dispose();
    }
}
