using System.Net.Http.Json;
using System.Text.Json;
using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Operations;

/// <summary>HTTP to a service at an address, or to that of an environment through a port-forward.</summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    public const string Prometheus = "prometheus";

    public const string Alertmanager = "alertmanager";

    private readonly CancellationTokenSource _ended = new();
    private readonly PortForward? _forward;
    private readonly Task _forwarding = Task.CompletedTask;

    private ServiceConnection(PortForward? forward, string address)
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

    /// <summary>Whether a text is an address that <see cref="Open"/> takes.</summary>
    public static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    /// <summary>Connects to an address.</summary>
    public static ServiceConnection Open(string address) => new(null, address);

    /// <summary>Connects to a service of an environment.</summary>
    /// <param name="cluster">The environment's cluster.</param>
    /// <param name="service">Name of the Service, which is also the option that names another address.</param>
    /// <param name="report">Called with problems of the port-forward.</param>
    /// <exception cref="DeployException">The environment has no such service.</exception>
    public static async Task<ServiceConnection> OpenAsync(
        IClusterClient cluster, string service, Action<string> report, TimeProvider time, CancellationToken cancellationToken) =>
        (await ForwardedPort.FindAsync(cluster, service, cancellationToken)).FirstOrDefault() is { } port
            ? new(new PortForward(cluster, port with { LocalPort = 0 }, report, time), "")
            : throw new DeployException(
                $"No service found for '{service}' in namespace '{cluster.Target.Namespace}'. Name another " +
                $"{char.ToUpperInvariant(service[0])}{service[1..]} with --{service} URL.");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _ended.CancelAsync();
        await _forwarding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _forward?.Dispose();
        _ended.Dispose();
    }
}

/// <summary>Asks Prometheus by its HTTP API (v1).</summary>
internal static class PrometheusApi
{
    /// <summary>Sends a query and reads the series of the answer.</summary>
    /// <param name="prometheus">Has the address of Prometheus.</param>
    /// <param name="path"><c>query</c> or <c>query_range</c>.</param>
    /// <param name="parameters">The query, and its times in seconds.</param>
    /// <param name="read">Reads a series: <c>metric</c>, and <c>value</c> or <c>values</c>.</param>
    /// <exception cref="DeployException">Prometheus can't be queried, or refuses.</exception>
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(
        HttpClient prometheus, string path, IReadOnlyDictionary<string, string> parameters,
        Func<JsonElement, IEnumerable<T>> read, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(parameters);
        try
        {
            // {"status": "success", "data": {"result": [{"metric": {"job": "web"}, "value": [1700000000, "0.25"]}]}}
            using var response = await prometheus.PostAsync($"api/v1/{path}", form, cancellationToken);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return answer.GetProperty("status").GetString() == "success"
                ? [.. answer.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(read)]
                : throw new DeployException(
                    $"Prometheus at {prometheus.BaseAddress} refuses the query: {answer.GetProperty("error").GetString()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DeployException($"Prometheus at {prometheus.BaseAddress} can't be queried: {exception.Message}", exception);
        }
    }
}
