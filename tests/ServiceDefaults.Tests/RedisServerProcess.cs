using System.Text;
using StackExchange.Redis;

namespace MonoRepo.Tests;

/// <summary>One redis-server, no cluster, on a free port of loopback, which ends with the test process at the latest.</summary>
internal sealed class RedisServerProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ToolProcess _process;
    private readonly ConnectionMultiplexer _admin;

    private RedisServerProcess(TemporaryFolder folder, ToolProcess process, ConnectionMultiplexer admin) =>
        (_folder, _process, _admin) = (folder, process, admin);

    public string Address => _admin.GetEndPoints()[0].ToString()!;

    /// <summary>Starts it with this password and lines of configuration. Skips the test where redis-server is missing.</summary>
    public static async Task<RedisServerProcess> StartAsync(string password, params string[] lines)
    {
        Assert.SkipUnless(Tools.Exists("redis-server"), "redis-server is not on PATH.");
        var folder = new TemporaryFolder();
        var port = Tools.FreePort();
        var hex = string.Concat(Encoding.UTF8.GetBytes(password).Select(value => $"\\x{value:x2}"));
        var configuration = folder.Write("redis.conf", string.Join(
            '\n',
            [$"port {port}", "bind 127.0.0.1", $"dir {folder.Path}", "save \"\"", $"requirepass \"{hex}\"", .. lines]));
        var process = await ToolProcess.StartAsync("redis-server", port, configuration);
        var options = new ConfigurationOptions
        {
            EndPoints = { $"127.0.0.1:{port}" },
            Password = password,
            AllowAdmin = true,
            AbortOnConnectFail = false,
        };
        var admin = await ConnectionMultiplexer.ConnectAsync(options);
        await Eventually.HoldsAsync(
            () => admin.IsConnected, () => "redis-server does not answer", interval: 20, TimeSpan.FromSeconds(30));
        return new(folder, process, admin);
    }

    public Task ConfigureAsync(string name, string value) => _admin.GetServers()[0].ConfigSetAsync(name, value);

    public async ValueTask DisposeAsync()
    {
        // A test may end it earlier than its scope does.
        if (!Directory.Exists(_folder.Path))
        {
            return;
        }

        await _admin.DisposeAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
