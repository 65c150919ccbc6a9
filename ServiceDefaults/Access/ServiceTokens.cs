using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using MonoRepo.ServiceDefaults.Calls;

namespace MonoRepo.ServiceDefaults.Access;

/// <summary>
/// The tokens with which this service proves who it is: one for each service that it calls, in files of the folder
/// <c>Access__Tokens</c>. For tools that call one service by hand, <c>Access__Token</c> is the token itself.
/// </summary>
internal sealed class ServiceTokens(IConfiguration configuration, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ServiceToken> _tokens = new(StringComparer.Ordinal);

    /// <summary>The token for a service of the graph.</summary>
    public ServiceToken For(string service) => _tokens.GetOrAdd(service.ToLowerInvariant(), name => new(
        configuration["Access:Tokens"] is { Length: > 0 } folder ? Path.Combine(folder, name) : null,
        configuration["Access:Token"], clock));
}

/// <summary>A token in a file, which is replaced before it expires: by the kubelet, locally by the AppHost.</summary>
internal sealed class ServiceToken(string? file, string? token, TimeProvider clock)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_missingInterval = TimeSpan.FromSeconds(1);
    private volatile string? _header = token is { Length: > 0 } ? CallerVerifier.Bearer + token.Trim() : null;
    private long _nextRead;

    /// <summary>The value of <c>authorization</c>; null: there is no token.</summary>
    public string? Header
    {
        get
        {
            if (file is not null && clock.GetTimestamp() >= Volatile.Read(ref _nextRead))
            {
                Read(file);
            }

            return _header;
        }
    }

    private void Read(string path)
    {
        try
        {
            _header = CallerVerifier.Bearer + File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The last one, if there is one, is good for some more time.
        }

        var interval = _header is null ? s_missingInterval : s_interval;
        Volatile.Write(ref _nextRead, clock.GetTimestamp() + (long)(interval.TotalSeconds * clock.TimestampFrequency));
    }
}

/// <summary>Proves who calls to services of the graph over HTTP; other hosts see no token.</summary>
internal sealed class ServiceTokenHandler(ServiceTokens tokens, ReferredServices services) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is null
            && services.Find(request.RequestUri) is { } service && tokens.For(service).Header is { } header)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(header);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
