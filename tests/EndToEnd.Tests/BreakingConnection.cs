using System.Net;
using System.Net.Sockets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>
/// The API server as it is seen over a connection that can be cut: what goes through it breaks, and new connections are refused
/// for a while.
/// </summary>
internal sealed class BreakingConnection : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;
    private readonly string _host;
    private readonly int _port;
    private bool _isAway;

    public BreakingConnection(string context)
    {
        _listener.Start();
        Uri? server = null;
        TestKubeconfig.Write(Kubeconfig, context, config =>
        {
            var used = ((YamlMap)config.List("contexts")![0]).Map("context")!.Text("cluster");
            var cluster = config.List("clusters")!.Cast<YamlMap>().Single(c => c.Text("name") == used).Map("cluster")!;
            server = new(cluster.Text("server")!);
            cluster["server"] = new YamlScalar($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
            cluster["tls-server-name"] = new YamlScalar(cluster.Text("tls-server-name") ?? server.Host);
            config["current-context"] = new YamlScalar(context);
        });
        (_host, _port) = (server!.Host, server.Port);
        _accepting = AcceptAsync();
    }

    /// <summary>A kubeconfig that leads over it.</summary>
    public string Kubeconfig => Path.Combine(_folder.Path, "config");

    /// <summary>How often it was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts all connections; new ones are refused for a time.</summary>
    public void Cut(TimeSpan away)
    {
        Cuts++;
        _isAway = true;
        lock (_clients)
        {
            _clients.ForEach(c => c.Close());
            _clients.Clear();
        }

        _ = Task.Delay(away, _stop.Token).ContinueWith(_ => _isAway = false, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut(TimeSpan.Zero);
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _folder.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var local = await _listener.AcceptTcpClientAsync(_stop.Token);
            if (_isAway)
            {
                local.Close();
            }
            else
            {
                _ = ServeAsync(local);
            }
        }
    }

    private async Task ServeAsync(TcpClient local)
    {
        using var server = new TcpClient();
        lock (_clients)
        {
            _clients.AddRange([local, server]);
        }

        try
        {
            await server.ConnectAsync(_host, _port, _stop.Token);
            await Task.WhenAny(local.GetStream().CopyToAsync(
                server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(local.GetStream(), _stop.Token));
        }
        catch (Exception exception)
            when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        finally
        {
            local.Close();
        }
    }
}
