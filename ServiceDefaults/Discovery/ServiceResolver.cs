using System.Net;
using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace MonoRepo.ServiceDefaults.Discovery;

/// <summary>
/// All addresses of a service for client-side balancing: each configured instance, and where an instance is a DNS name
/// (a headless Service in Kubernetes) every address behind it, asked again at an interval and after a lost connection.
/// </summary>
internal sealed class ServiceResolver(ResolverOptions options, ServiceEndpoints services, TimeProvider clock)
    : PollingResolver(options.LoggerFactory)
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(10);
    private readonly string[] _path = options.Address.AbsolutePath.Trim('/').Split('/');
    private ITimer? _timer;

    protected override void OnStarted() =>
        _timer = clock.CreateTimer(_ => Refresh(), null, RefreshInterval, RefreshInterval);

    protected override async Task ResolveAsync(CancellationToken cancellationToken)
    {
        var instances = services.Get(_path[0], _path[1]);
        if (instances.Count == 0)
        {
            Listener(ResolverResult.ForFailure(new Status(StatusCode.Unavailable,
                $"No address of '{_path[0]}' is known; expected services__{_path[0]}__{_path[1]}__0=http://host:port.")));
            return;
        }

        var found = new HashSet<(string Host, int Port)>();
        Exception? fault = null;
        foreach (var instance in instances)
        {
            try
            {
                await AddAsync(instance, found, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                fault = exception;
            }
        }

        Listener(found.Count > 0
            ? ResolverResult.ForResult([.. found.Select(address => new BalancerAddress(address.Host, address.Port))])
            : ResolverResult.ForFailure(new Status(StatusCode.Unavailable, $"No address of '{_path[0]}' can be resolved.", fault)));
    }

    protected override void Dispose(bool disposing)
    {
        _timer?.Dispose();
        base.Dispose(disposing);
    }

    // "localhost" stays as it is: the socket tries both of its addresses, of which one may have no listener.
    private static async Task AddAsync(Uri instance, HashSet<(string, int)> found, CancellationToken cancellationToken)
    {
        if (instance.HostNameType != UriHostNameType.Dns || instance.IsLoopback)
        {
            found.Add((instance.IdnHost, instance.Port));
            return;
        }

        foreach (var address in await Dns.GetHostAddressesAsync(instance.IdnHost, cancellationToken))
        {
            found.Add((address.ToString(), instance.Port));
        }
    }
}
