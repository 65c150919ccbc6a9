using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Operations;

/// <summary>Prometheus at an address, or that of an environment through a port-forward.</summary>
internal sealed class PrometheusConnection : IAsyncDisposable
{
    private const string Service = "prometheus";

    private readonly CancellationTokenSource _ended = new();
    private readonly PortForward? _forward;
    private readonly Task _forwarding = Task.CompletedTask;

    private PrometheusConnection(PortForward? forward, string address)
    {
        _forward = forward;
        // With a slash at the end, so that a path of it is kept.
        Client = new() { BaseAddress = new Uri($"{(forward is null ? address.TrimEnd('/') : $"http://{forward.Listen()}")}/") };
        if (forward is not null)
        {
            _forwarding = forward.RunAsync(_ended.Token);
        }
    }

    /// <summary>Has the address.</summary>
    public HttpClient Client { get; }

    /// <summary>Connects to an address.</summary>
    public static PrometheusConnection Open(string address) => new(null, address);

    /// <summary>Finds that of an environment.</summary>
    /// <exception cref="DeployException">It has none.</exception>
    public static async Task<PrometheusConnection> OpenAsync(
        IClusterClient cluster, Action<string> report, TimeProvider time, CancellationToken cancellationToken) =>
        (await ForwardedPort.FindAsync(cluster, Service, cancellationToken).ConfigureAwait(false)).FirstOrDefault() is { } port
            ? new(new PortForward(cluster, port with { LocalPort = 0 }, report, time), "")
            : throw new DeployException(
                $"No service found for '{Service}' in namespace '{cluster.Target.Namespace}'. Name another Prometheus with " +
                "--prometheus URL.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _ended.CancelAsync().ConfigureAwait(false);
        await _forwarding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _forward?.Dispose();
        _ended.Dispose();
    }
}
