using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>
/// A StatefulSet of Redis pods without Kubernetes. Addresses are 127.0.1.x, as many as there are starts; DNS is a file, read by a
/// <c>getent</c> that stands before the system's in PATH, so that the scripts are the very ones that run in a cluster.
/// </summary>
internal sealed class RedisPods : IDisposable
{
    public const string Service = "redis-members";

    /// <summary>With what shells, configuration files, format strings and connection strings give a meaning to.</summary>
    public const string DefaultPassword = "pass\"word\\1 %s$HOME='`#é";
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);
    private static int s_lastAddress;
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _hosts = new();
    private readonly ConcurrentDictionary<int, RedisPod> _pods = new();

    public RedisPods(int shards = 3, int replicasPerShard = 1, string @namespace = "here", string password = DefaultPassword,
        string shell = "sh", int? port = null, string durability = "always")
    {
        Assert.SkipUnless(Tools.Exists("redis-server"), "redis-server is not on PATH.");
        Assert.SkipUnless(Tools.Exists(shell), $"{shell} is not on PATH.");
        (Namespace, Password, Port, Durability) = (@namespace, password, port ?? FreePort(), durability);
        Interpreter = shell == "busybox" ? ["busybox", "sh"] : [shell];
        // In memory where possible: the servers fsync often, and other tests use the same disk.
        Directory = new(Path.Combine(
            System.IO.Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"monorepo-redis-pods-{Guid.NewGuid():N}"));
        Directory.Create();
        Programs = Directory.CreateSubdirectory("bin").FullName;
        Topology = Directory.CreateSubdirectory("topology").FullName;
        Backups = Directory.CreateSubdirectory("backups").FullName;
        Resize(shards, replicasPerShard);
        var getent = Path.Combine(Programs, "getent");
        File.WriteAllText(
            getent,
            $$"""
            #!/bin/sh
            case $1 in ahostsv4) other=: ;; ahostsv6) other=[.] ;; *) other=! ;; esac
            awk -v name="$2" -v other="$other" '$2 == name && $1 !~ other { print $1, "STREAM", $2; found = 1 } END { exit !found }' '{{Hosts}}'

            """);
        File.SetUnixFileMode(getent, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Namespace { get; }

    /// <summary>What the Secret has; pods that start later have a changed one.</summary>
    public string Password { get; set; }

    /// <summary>What the Secret had before, while it is being replaced.</summary>
    public string? PreviousPassword { get; set; }

    public int Port { get; }

    public string Durability { get; }

    /// <summary>How often keepers look, in seconds; more often than in a cluster unless it matters.</summary>
    public double KeeperInterval { get; init; } = 0.3;

    /// <summary>An IPv6 address that every name has, too, and first.</summary>
    public string? OtherFamily { get; init; }

    /// <summary>A network of their own; null: loopback.</summary>
    public PodNetwork? Network { get; init; }

    public string[] Interpreter { get; }

    public DirectoryInfo Directory { get; }

    public string Programs { get; }

    public string Topology { get; }

    public string Backups { get; }

    public int ReplicasPerShard { get; private set; }

    public int Size { get; private set; }

    public IReadOnlyList<RedisPod> All => [.. _pods.Values.OrderBy(p => p.Ordinal)];

    private string Hosts => Path.Combine(Directory.FullName, "hosts");

    public RedisPod this[int ordinal] => _pods.GetOrAdd(ordinal, o => new(this, o));

    public static string NextAddress() => $"127.0.1.{(Interlocked.Increment(ref s_lastAddress) - 1) % 254 + 1}";

    /// <summary>As a changed ConfigMap: what is mounted changes under the running pods.</summary>
    public void Resize(int shards, int replicasPerShard)
    {
        File.WriteAllText(Path.Combine(Topology, "shards"), $"{shards}");
        File.WriteAllText(Path.Combine(Topology, "replicasPerShard"), $"{replicasPerShard}");
        ReplicasPerShard = replicasPerShard;
        Size = shards * (1 + replicasPerShard);
    }

    /// <summary>What the cluster's DNS would answer: one address, or several of different families.</summary>
    public void Publish(string pod, params IReadOnlyList<string> addresses)
    {
        _hosts[$"{pod}.{Service}"] = addresses;
        lock (_hosts)
        {
            File.WriteAllLines(Hosts + ".new", _hosts.SelectMany(h => h.Value.Select(address => $"{address} {h.Key}")));
            File.Move(Hosts + ".new", Hosts, overwrite: true);
        }
    }

    public void Remove(int ordinal)
    {
        if (_pods.TryRemove(ordinal, out var pod))
        {
            pod.Dispose();
        }
    }

    public RedisPods Start(params IEnumerable<int> ordinals)
    {
        foreach (var ordinal in ordinals)
        {
            this[ordinal].Start(Network?.NextAddress(ordinal) ?? NextAddress());
        }

        return this;
    }

    /// <summary>
    /// Until every running pod's readiness probe succeeds and the cluster has the wanted shape. As a kubelet does, it starts
    /// again what ends.
    /// </summary>
    public async Task<RedisPods> ReadyAsync(CancellationToken cancellationToken)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                RestartEnded();
                return (await Task.WhenAll(All.Select(p => p.IsReadyAsync(cancellationToken)))).All(ready => ready);
            },
            Describe,
            // Each question starts some processes in each pod.
            interval: 400);
        return this;
    }

    /// <summary>As kubelets do with containers that have ended.</summary>
    public void RestartEnded()
    {
        foreach (var pod in All.Where(p => p.HasServerEnded))
        {
            pod.StartServer();
        }
    }

    public string Describe() =>
        string.Join('\n', All.Select(p => $"{p.Name} {p.Address}\n{Tail(p.KeeperLog)}\n{Tail(p.ServerLog)}"));

    public void Dispose()
    {
        Parallel.ForEach(All, pod => pod.Dispose());
        Directory.Delete(recursive: true);
    }

    private static string Tail(string log) => string.Join('\n', log.TrimEnd().Split('\n').TakeLast(15).Select(l => "    " + l));

    /// <summary>A port that is free on every address, together with its bus port.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 25_000);
            try
            {
                foreach (var candidate in (int[])[port, port + 10_000])
                {
                    using var listener = new TcpListener(IPAddress.Any, candidate);
                    listener.Start();
                }

                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
