namespace MonoRepo.ServiceDefaults.Discovery;

/// <summary>
/// Sends a request for <c>http://name</c>, <c>https+http://name</c> (the first scheme that is known wins) or
/// <c>http://_endpoint.name</c> to the instances of that service in turn; a host that is no known service is left alone.
/// </summary>
public sealed class ServiceDiscoveryHandler(ServiceEndpoints services) : DelegatingHandler
{
    private int _turn = Random.Shared.Next(int.MaxValue / 2);

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } original || Find(original) is not { } instance)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        request.RequestUri = new UriBuilder(original) { Scheme = instance.Scheme, Host = instance.Host, Port = instance.Port }.Uri;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry of the same message has to find the name again.
            request.RequestUri = original;
        }
    }

    private Uri? Find(Uri uri)
    {
        var (service, endpoints) = Split(uri);
        foreach (var endpoint in endpoints)
        {
            if (services.Get(service, endpoint) is { Count: > 0 } instances)
            {
                return instances[(int)((uint)Interlocked.Increment(ref _turn) % (uint)instances.Count)];
            }
        }

        return null;
    }

    // http://_admin.basket -> basket, [admin];  https+http://basket -> basket, [https, http]
    private static (string Service, string[] Endpoints) Split(Uri uri)
    {
        var host = uri.Host;
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1
            ? (host[(dot + 1)..], [host[1..dot]])
            : (host, uri.Scheme.Split('+'));
    }
}
