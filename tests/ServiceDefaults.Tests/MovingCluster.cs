using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>
/// Three masters of redis-server that announce host names, as the pods of a StatefulSet do, and that can come back at other
/// addresses of loopback with the data, ids and names that they had; and one address in front of them that stays, as a Service's.
/// </summary>
internal sealed class MovingCluster : IAsyncDisposable
{
    private const int Size = 3;

    // Ends the server when the test process is gone, however that ended; it has the lock of its nodes.conf until it is gone.
    private const string Watchdog = """redis-server "$@" </dev/null & server=$!; read -r _; kill -9 $server; wait""";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("monorepo-test-moving-");
    private readonly TcpListener _front = new(IPAddress.Loopback, 0);
    private readonly List<Process> _processes = [];
    private readonly int _subnet = Random.Shared.Next(2, 250);
    private readonly int _port = Random.Shared.Next(15_000, 25_000);
    private int _generation;

    private MovingCluster()
    {
    }

    /// <summary>The address in front.</summary>
    public string ConnectionString => _front.LocalEndpoint.ToString()!;

    /// <summary>Where the members are now.</summary>
    public IPEndPoint[] Members =>
        [.. Enumerable.Range(0, Size).Select(member => new IPEndPoint(IPAddress.Parse(AddressOf(member)), _port))];

    /// <summary>Starts it; returns when the cluster serves. Skips the test where redis-server is missing.</summary>
    public static async Task<MovingCluster> StartAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no 127.0.0.0/8.");
        Assert.SkipUnless(Tools.Exists("redis-server"), "redis-server is not on PATH.");
        var cluster = new MovingCluster();
        cluster._front.Start();
        _ = cluster.ForwardAsync();
        for (var member = 0; member < Size; member++)
        {
            cluster.Start(member);
        }

        await cluster.AskAsync(async servers =>
        {
            for (var member = 0; member < Size; member++)
            {
                var (first, last) = (16384 / Size * member, member == Size - 1 ? 16383 : (16384 / Size * (member + 1)) - 1);
                await servers[member].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", first, last);
                await servers[member].ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", member + 1);
            }
        });
        await cluster.MeetAsync();
        return cluster;
    }

    /// <summary>Kills all members at once, and starts them at new addresses; returns when the cluster is whole again.</summary>
    public async Task MoveAsync()
    {
        Kill();
        _generation++;
        for (var member = 0; member < Size; member++)
        {
            Start(member);
        }

        await MeetAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        _front.Stop();
        await Task.Yield();
        _directory.Delete(recursive: true);
    }

    private void Start(int member)
    {
        var folder = _directory.CreateSubdirectory($"{member}").FullName;
        _processes.Add(Process.Start(new ProcessStartInfo("sh",
        [
            "-c", Watchdog, "sh", "--port", $"{_port}", "--bind", AddressOf(member), "--dir", folder, "--logfile",
            LogOf(member),
            "--appendonly", "yes", "--save", "", "--cluster-enabled", "yes", "--cluster-node-timeout", "2000",
            "--cluster-announce-ip", AddressOf(member), "--cluster-announce-hostname", $"redis-{member}.redis",
        ])
        {
            RedirectStandardInput = true,
        })!);
    }

    private void Kill()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }

        _processes.Clear();
    }

    private string LogOf(int member) => Path.Combine(_directory.FullName, $"{member}", "log");

    private string AddressOf(int member) => $"127.{_subnet}.{_generation}.{member + 1}";

    // What the keeper in a pod does: members don't find each other by name.
    private Task MeetAsync() => AskAsync(async servers =>
    {
        foreach (var server in servers)
        {
            for (var member = 0; member < Size; member++)
            {
                await server.ExecuteAsync("CLUSTER", "MEET", AddressOf(member), _port);
            }
        }

        await Eventually.BecomesAsync(
            () => Task.WhenAll(servers.Select(server => server.ExecuteAsync("CLUSTER", "INFO"))),
            states => states.All(state => $"{state}".Contains("cluster_state:ok", StringComparison.Ordinal)),
            states => string.Join('\n', states.Select(state => $"{state}")), interval: 20, s_timeout);
    });

    private async Task AskAsync(Func<IServer[], Task> ask)
    {
        var members = await Task.WhenAll(Enumerable.Range(0, Size).Select(async member =>
        {
            var options = new ConfigurationOptions
            {
                EndPoints = { $"{AddressOf(member)}:{_port}" },
                AllowAdmin = true,
                AbortOnConnectFail = false,
            };
            var redis = await ConnectionMultiplexer.ConnectAsync(options);
            await Eventually.HoldsAsync(
                () => redis.IsConnected, () => $"{AddressOf(member)} does not answer:\n{File.ReadAllText(LogOf(member))}",
                interval: 20, s_timeout);
            return redis;
        }));
        await ask([.. members.Select((redis, member) => redis.GetServer(AddressOf(member), _port))]);
        await Task.WhenAll(members.Select(redis => redis.DisposeAsync().AsTask()));
    }

    private async Task ForwardAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _front.AcceptTcpClientAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = PipeAsync(client);
        }
    }

    private async Task PipeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var member = new TcpClient();
                await member.ConnectAsync(IPAddress.Parse(AddressOf(Random.Shared.Next(Size))), _port);
                await using var there = member.GetStream();
                await using var here = client.GetStream();
                await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // The caller sees a closed connection.
            }
        }
    }
}
