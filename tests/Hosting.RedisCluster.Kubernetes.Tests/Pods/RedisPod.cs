using System.Diagnostics;
using System.Globalization;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>
/// What a pod of the StatefulSet is, without Kubernetes: start.sh and keeper.sh on an address of loopback that changes with every
/// start, and a data folder that stays. The probes and the other scripts run in it as the kubelet would run them.
/// </summary>
internal sealed class RedisPod(RedisPods set, int ordinal) : IDisposable
{
    // The shell waits for the end of its standard input, which comes in whatever way the test process ends.
    private const string Watchdog =
        """
        data=$1 scripts=$2; shift 2
        "$@" "$scripts/start.sh" </dev/null >>"$data/../server.log" 2>&1 & server=$!
        "$@" "$scripts/keeper.sh" </dev/null >>"$data/../keeper.log" 2>&1 & keeper=$!
        echo "$server $keeper"
        read -r _
        kill -9 $server $keeper; wait
        """;

    private readonly DirectoryInfo directory = set.Directory.CreateSubdirectory($"{set.Namespace}-{ordinal}");
    private Process? watchdog;
    private int server;

    public int Ordinal => ordinal;

    public string Name => $"redis-{ordinal}";

    /// <summary>Of the present or last start.</summary>
    public string Address { get; private set; } = "";

    public string KeeperLog => Read("keeper.log");

    public string ServerLog => Read("server.log");

    public string Data => directory.CreateSubdirectory("data").FullName;

    public bool IsRunning => watchdog is not null;

    private Dictionary<string, string> Environment => new()
    {
        ["PATH"] = $"{set.Programs}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["POD_NAME"] = Name,
        ["POD_NAMESPACE"] = set.Namespace,
        ["POD_IP"] = Address,
        ["NODE_NAME"] = $"node-{ordinal % 3}",
        ["REDIS_SET"] = "redis",
        ["REDIS_SERVICE"] = RedisPods.Service,
        ["REDIS_PORT"] = $"{set.Port}",
        ["REDIS_BIND"] = Address,
        ["REDIS_LOCAL"] = Address,
        ["REDIS_DATA"] = Data,
        ["REDIS_TOPOLOGY"] = set.Topology,
        ["REDIS_BACKUPS"] = set.Backups,
        ["REDIS_PASSWORD"] = set.Password,
        ["REDIS_APPENDFSYNC"] = "always",
        ["REDIS_KEEPER_INTERVAL"] = "0.3",
        ["REDIS_CONFIG"] = "cluster-node-timeout 2000",
        ["REDIS_HANDOVER_DRAIN"] = "0",
        ["REDIS_RETIRE_DRAIN"] = "0",
    };

    /// <summary>A new incarnation of the pod: the same data, another address.</summary>
    public void Start(string address)
    {
        Address = address;
        set.Publish(Name, address);
        watchdog = Shell.Start(Environment, ["sh", "-c", Watchdog, "sh", Data, Shell.Assets, .. set.Interpreter]);
        server = int.Parse(watchdog.StandardOutput.ReadLine()!.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>As a dead node would end it. Its name keeps resolving to the old address for a while.</summary>
    public void Kill()
    {
        watchdog!.StandardInput.Close();
        watchdog.WaitForExit();
        watchdog.Dispose();
        watchdog = null;
    }

    /// <summary>As the kubelet ends a pod: preStop, TERM, and the keeper last.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "handover.sh");
        await Shell.RunAsync(Environment, "", cancellationToken, "kill", "-TERM", $"{server}");
        await Until.TrueAsync(() => HasEnded(server), () => $"{Name} does not end.\n{ServerLog}", cancellationToken);
        Kill();
    }

    /// <summary>Runs a script of Assets in the pod.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> script) =>
        Shell.RunAsync(Environment, "", cancellationToken, [.. set.Interpreter, Path.Combine(Shell.Assets, script.First()), .. script.Skip(1)]);

    /// <summary>Runs a script and asserts that it succeeds; returns its output.</summary>
    public async Task<string> DoAsync(CancellationToken cancellationToken, params IEnumerable<string> script)
    {
        var (exitCode, output) = await RunAsync(cancellationToken, script);
        Assert.True(exitCode == 0, $"{Name}: {string.Join(' ', script)} ended with {exitCode}: {output}");
        return output;
    }

    /// <summary>A script that is still running.</summary>
    public Process Begin(params IEnumerable<string> script) =>
        Shell.Start(Environment, ["setsid", .. set.Interpreter, Path.Combine(Shell.Assets, script.First()), .. script.Skip(1)]);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) => (await RunAsync(cancellationToken, "ready.sh")).ExitCode == 0;

    /// <summary>What redis-cli prints for a command, sent to this member only.</summary>
    public async Task<string> AskAsync(CancellationToken cancellationToken, params IEnumerable<string> command) =>
        (await Shell.RunAsync(
            new Dictionary<string, string> { ["REDISCLI_AUTH"] = set.Password }, "", cancellationToken, ["redis-cli", "-h", Address, "-p", $"{set.Port}", .. command])).Output;

    /// <summary>One of: master, slave.</summary>
    public async Task<string> RoleAsync(CancellationToken cancellationToken) => (await AskAsync(cancellationToken, "ROLE")).Split('\n')[0];

    /// <summary>As when the disk of its node is gone.</summary>
    public void LoseVolume() => System.IO.Directory.Delete(Data, recursive: true);

    public void Dispose()
    {
        if (IsRunning)
        {
            Kill();
        }
    }

    /// <summary>It stays a zombie, since the shell that started it waits for something else.</summary>
    private static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private string Read(string file) => File.Exists(Path.Combine(directory.FullName, file)) ? File.ReadAllText(Path.Combine(directory.FullName, file)) : "";
}
