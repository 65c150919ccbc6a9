using System.Net;
using System.Net.Sockets;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Operations;

/// <summary>A port of a Service that is to be reached from this machine.</summary>
/// <param name="Selector">Labels of the pods behind it.</param>
/// <param name="Name">Name of the port; empty: it has none.</param>
/// <param name="TargetPort">Number or name of the pods' port.</param>
internal sealed record ForwardedPort(string Service, string Selector, string Name, int Port, string TargetPort)
{
    /// <summary>Number that the port has to have on this machine; null: the Service's if that is free, 0: any.</summary>
    public int? LocalPort { get; init; }

    // How operators call the Services that they make for their resources.
    private static readonly string[] s_endings = ["", "-service", "-operated"];

    /// <summary>
    /// The ports of the Service with a name in the cluster's namespace, also if an operator created it under a longer name. Empty
    /// if the Service doesn't exist.
    /// </summary>
    public static async Task<IReadOnlyList<ForwardedPort>> FindAsync(
        IClusterClient cluster, string name, CancellationToken cancellationToken) =>
        FindService(
            await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.Service), cancellationToken),
            name) is { } service ? Of(service) : [];

    /// <summary>The Service for a name, such as an operator makes; null: there is none.</summary>
    public static YamlMap? FindService(IReadOnlyList<YamlMap> services, string name) =>
        s_endings.Select(e => services.FirstOrDefault(s => s.TextAt("metadata", "name") == name + e))
        .FirstOrDefault(s => s is not null);

    /// <summary>The ports of a Service; none: it selects no pods.</summary>
    public static IReadOnlyList<ForwardedPort> Of(YamlMap service)
    {
        var selector = string.Join(
            ',', (service.MapAt("spec", "selector") ?? []).Select(l => $"{l.Key}={(l.Value as YamlScalar)?.Text}"));
        return selector.Length == 0 ? [] :
        [
            .. service.ItemsAt("spec", "ports").Where(p => p.Text("protocol") is null or "TCP").Select(p => new ForwardedPort(
                service.TextAt("metadata", "name") ?? "", selector, p.Text("name") ?? "", (int)p.NumberAt("port")!.Value,
                p.Text("targetPort") ?? p.Text("port")!)),
        ];
    }
}

/// <summary>
/// Connections to a loopback address go to a pod behind a Service. Which pod is looked up for every connection, so after a pod
/// was replaced the next connection goes to its successor; where none is ready yet, it waits for one.
/// </summary>
/// <param name="port">The Service's port.</param>
/// <param name="report">Called with a line about a connection that failed.</param>
internal sealed class PortForward(IClusterClient cluster, ForwardedPort port, Action<string> report, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(500);

    // The protocol can't tell a pod that nothing more is sent: what it still has to say has this long.
    private static readonly TimeSpan s_linger = TimeSpan.FromSeconds(10);

    private Socket? _listener;

    /// <summary>
    /// Listens on the port that was asked for, else on the Service's, or on a free one where that is taken or needs rights.
    /// </summary>
    /// <exception cref="DeployException">The port that was asked for is taken, or needs rights.</exception>
    public IPEndPoint Listen()
    {
        foreach (var number in port.LocalPort is { } asked ? [asked] : new[] { port.Port, 0 })
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                listener.Bind(new IPEndPoint(IPAddress.Loopback, number));
                listener.Listen();
                _listener = listener;
                break;
            }
            catch (SocketException exception) when (number != 0)
            {
                listener.Dispose();
                if (port.LocalPort is not null)
                {
                    throw new DeployException(exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                        ? $"Port {number} of this machine is taken. Choose another one for '{port.Service}'."
                        : $"Port {number} of this machine can't be used: {OneLine.Of(exception.Message)}");
                }
            }
        }

        return (IPEndPoint)_listener!.LocalEndPoint!;
    }

    /// <summary>Serves connections until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var local = await _listener!.AcceptAsync(cancellationToken);
            _ = Task.Run(() => ServeAsync(local, cancellationToken), CancellationToken.None);
        }
    }

    public void Dispose() => _listener?.Dispose();

    private async Task ServeAsync(Socket accepted, CancellationToken cancellationToken)
    {
        try
        {
            accepted.NoDelay = true;
            await using var local = new NetworkStream(accepted, ownsSocket: true);
            using var remote = await ConnectAsync(cancellationToken);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var sending = remote.SendAsync(local, ended.Token);
            var receiving = remote.ReceiveAsync(local, ended.Token);
            if (await Task.WhenAny(sending, receiving) == sending && sending.IsCompletedSuccessfully)
            {
                ended.CancelAfter(s_linger);
                await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await ended.CancelAsync();
            await receiving;
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or System.Net.WebSockets.WebSocketException)
        {
            // One side has gone.
        }
        catch (Exception exception) when (exception is DeployException or IOException)
        {
            if (exception.InnerException is not SocketException)
            {
                report(OneLine.Of(exception.Message));
            }
        }
    }

    private async Task<PodPort> ConnectAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var isLate = time.GetElapsedTime(started) > s_wait;
            var pods = await cluster.GetAsync(
                ObjectQuery.OfKinds(ResourceKind.Pod) with { Selector = port.Selector }, cancellationToken);
            if (PodChoice.Best(pods.Select(p => new LiveObject(p))) is { } pod && (isLate || PodChoice.IsReady(pod)))
            {
                try
                {
                    return await cluster.ForwardAsync(pod.Name, NumberOf(pod), cancellationToken);
                }
                catch (ClusterException) when (!isLate)
                {
                    // It went between the look and now.
                }
            }
            else if (isLate)
            {
                throw new DeployException($"No pod of service '{port.Service}' runs in namespace '{cluster.Target.Namespace}'.");
            }

            await Task.Delay(s_again, time, cancellationToken);
        }
    }

    private int NumberOf(LiveObject pod) => int.TryParse(port.TargetPort, out var number)
        ? number
        : (int?)pod.Map.ItemsAt(
            "spec", "containers").Concat(pod.Map.ItemsAt("spec", "initContainers")).SelectMany(c => c.ItemsAt("ports"))
            .FirstOrDefault(p => p.Text("name") == port.TargetPort)?.NumberAt("containerPort")
            ?? throw new DeployException(
                $"Pod {pod.Name} has no port '{port.TargetPort}', to which service '{port.Service}' leads.");
}
