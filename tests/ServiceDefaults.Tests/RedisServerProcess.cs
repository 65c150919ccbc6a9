using System.Diagnostics;
using System.Text;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>One redis-server, no cluster, on a free port of loopback, which ends with the test process at the latest.</summary>
internal sealed class RedisServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _directory;
    private readonly Process _process;
    private readonly ConnectionMultiplexer _admin;

    private RedisServerProcess(DirectoryInfo directory, Process process, ConnectionMultiplexer admin) =>
        (_directory, _process, _admin) = (directory, process, admin);

    public string Address => _admin.GetEndPoints()[0].ToString()!;

    /// <summary>Starts it with this password and lines of configuration. Skips the test where redis-server is missing.</summary>
    public static async Task<RedisServerProcess> StartAsync(string password, params string[] lines)
    {
        Assert.SkipUnless(Tools.Exists("redis-server"), "redis-server is not on PATH.");
        var directory = Directory.CreateTempSubdirectory("monorepo-test-redis-");
        var port = Random.Shared.Next(15_000, 25_000);
        var hex = string.Concat(Encoding.UTF8.GetBytes(password).Select(value => $"\\x{value:x2}"));
        var configuration = Path.Combine(directory.FullName, "redis.conf");
        await File.WriteAllLinesAsync(configuration,
            [$"port {port}", "bind 127.0.0.1", $"dir {directory.FullName}", "save \"\"", $"requirepass \"{hex}\"", .. lines]);

        var process = Process.Start(new ProcessStartInfo("sh",
            ["-c", "redis-server \"$1\" </dev/null >/dev/null & server=$!; read -r _; kill -9 $server", "sh", configuration])
        {
            RedirectStandardInput = true,
        })!;
        var options = new ConfigurationOptions
        {
            EndPoints = { $"127.0.0.1:{port}" },
            Password = password,
            AllowAdmin = true,
            AbortOnConnectFail = false,
        };
        var admin = await ConnectionMultiplexer.ConnectAsync(options);
        for (var start = Stopwatch.GetTimestamp();
            !admin.IsConnected;
            await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_timeout, "redis-server does not answer");
        }

        return new(directory, process, admin);
    }

    public Task ConfigureAsync(string name, string value) => _admin.GetServers()[0].ConfigSetAsync(name, value);

    public async ValueTask DisposeAsync()
    {
        // A test may end it earlier than its scope does.
        if (!Directory.Exists(_directory.FullName))
        {
            return;
        }

        await _admin.DisposeAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }
}
