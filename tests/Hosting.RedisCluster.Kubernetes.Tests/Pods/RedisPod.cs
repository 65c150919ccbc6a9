using System.Diagnostics;
using System.Globalization;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>
/// What a pod of the StatefulSet is, without Kubernetes: start.sh and keeper.sh on an address of loopback that changes with every
/// start, and a data folder that stays. The probes and the other scripts run in it as the kubelet would run them.
/// </summary>
internal sealed class RedisPod(RedisPods set, int ordinal) : IDisposable
{
    private readonly DirectoryInfo _directory = set.Directory.CreateSubdirectory($"{set.Namespace}-{ordinal}");
    private PodProcess? _server;
    private PodProcess? _keeper;

    public int Ordinal => ordinal;

    public string Name => $"redis-{ordinal}";

    /// <summary>Of the present or last start.</summary>
    public string Address { get; private set; } = "";

    public string KeeperLog => Read("keeper.log");

    public string ServerLog => Read("server.log");

    public string Data => _directory.CreateSubdirectory("data").FullName;

    private string Temporary => _directory.CreateSubdirectory("run").FullName;

    private string[] Interpreter => [.. set.Network?.Enter(ordinal) ?? [], .. set.Interpreter];

    public bool IsRunning => _server is not null;

    /// <summary>Whether redis-server, or the script that starts it, has ended by itself.</summary>
    public bool HasServerEnded => _server is { HasEnded: true };

    /// <summary>How many seconds of processor time the containers have used.</summary>
    public double ProcessorSeconds => (_server?.ProcessorSeconds ?? 0) + (_keeper?.ProcessorSeconds ?? 0);

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
        ["REDIS_RUN"] = Temporary,
        ["REDIS_TOPOLOGY"] = set.Topology,
        ["REDIS_BACKUPS"] = set.Backups,
        ["REDIS_PASSWORD"] = set.Password,
        ["REDIS_PASSWORD_PREVIOUS"] = set.PreviousPassword ?? "",
        ["REDIS_APPENDFSYNC"] = set.Durability,
        ["REDIS_KEEPER_INTERVAL"] = set.KeeperInterval.ToString(CultureInfo.InvariantCulture),
        ["REDIS_CONFIG"] = "cluster-node-timeout 2000",
        ["REDIS_HANDOVER_DRAIN"] = "0",
        ["REDIS_RETIRE_DRAIN"] = "0",
    };

    /// <summary>A new incarnation of the pod: the same data, another address.</summary>
    public void Start(string address)
    {
        Address = address;
        set.Publish(Name, set.OtherFamily is { } other ? [other, address] : [address]);
        StartServer();
        _keeper = Run("keeper");
    }

    /// <summary>As the kubelet starts the container again, in the same pod and at the same address.</summary>
    public void StartServer()
    {
        _server?.Dispose();
        // A kubelet asks nothing of a container that it has just started.
        File.Delete(Path.Combine(Temporary, "state"));
        _server = Run("start", "server.log");
    }

    /// <summary>As the kernel ends a process that takes too much memory, and the kubelet starts it again at once.</summary>
    public void RestartServer(Action? between = null)
    {
        _server?.Dispose();
        _server = null;
        between?.Invoke();
        StartServer();
    }

    /// <summary>As a node that stands still and goes on: nothing answers, and nothing is lost.</summary>
    public void Freeze() => _server?.Signal("STOP");

    public void Thaw() => _server?.Signal("CONT");

    /// <summary>As a dead node would end it. Its name keeps resolving to the old address for a while.</summary>
    public void Kill()
    {
        _server?.Dispose();
        _keeper?.Dispose();
        (_server, _keeper) = (null, null);
    }

    /// <summary>As the kubelet ends a pod: preStop, TERM, and the keeper last.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "handover.sh");
        _server!.Signal("TERM");
        await Eventually.HoldsAsync(() => _server.HasEnded, () => $"{Name} does not end.\n{ServerLog}");
        Kill();
    }

    /// <summary>Runs a script of Assets in the pod.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(CancellationToken cancellationToken, params IEnumerable<string> script) =>
        RunWithInputAsync("", cancellationToken, script);

    /// <summary>Runs a script that reads something.</summary>
    public Task<(int ExitCode, string Output)> RunWithInputAsync(
        string input, CancellationToken cancellationToken, params IEnumerable<string> script) =>
        Shell.RunAsync(
            Environment, input, cancellationToken,
            [.. Interpreter, Path.Combine(Shell.Assets, script.First()), .. script.Skip(1)]);

    /// <summary>Runs a script and asserts that it succeeds; returns its output.</summary>
    public async Task<string> DoAsync(CancellationToken cancellationToken, params IEnumerable<string> script)
    {
        var (exitCode, output) = await RunAsync(cancellationToken, script);
        Assert.True(exitCode == 0, $"{Name}: {string.Join(' ', script)} ended with {exitCode}: {output}");
        return output;
    }

    /// <summary>A script that is still running.</summary>
    public Process Begin(params IEnumerable<string> script) =>
        Shell.Start(Environment, ["setsid", .. Interpreter, Path.Combine(Shell.Assets, script.First()), .. script.Skip(1)]);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        (await RunAsync(cancellationToken, "ready.sh")).ExitCode == 0;

    /// <summary>What redis-cli prints for a command, sent to this member only.</summary>
    public async Task<string> AskAsync(CancellationToken cancellationToken, params IEnumerable<string> command) =>
        (await Shell.RunAsync(
            new Dictionary<string, string> { ["REDISCLI_AUTH"] = set.Password.TrimEnd() }, "", cancellationToken,
            ["timeout", "10", "redis-cli", "-h", Address, "-p", $"{set.Port}", .. command])).Output;

    /// <summary>One of: master, slave.</summary>
    public async Task<string> RoleAsync(CancellationToken cancellationToken) =>
        (await AskAsync(cancellationToken, "ROLE")).Split('\n')[0];

    /// <summary>As when the disk of its node is gone.</summary>
    public void LoseVolume() => System.IO.Directory.Delete(Data, recursive: true);

    public void Dispose()
    {
        if (IsRunning)
        {
            Kill();
        }
    }

    private PodProcess Run(string script, string? log = null) =>
        new(Environment, Path.Combine(
            _directory.FullName, log ?? $"{script}.log"), [.. Interpreter, Path.Combine(Shell.Assets, $"{script}.sh")]);

    private string Read(string file) =>
        File.Exists(Path.Combine(_directory.FullName, file)) ? File.ReadAllText(Path.Combine(_directory.FullName, file)) : "";
}
