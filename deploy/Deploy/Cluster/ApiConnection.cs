using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using k8s;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// Requests to the API server. KubernetesClient brings TLS, credentials and web sockets. Its calls are one for each kind, those
/// for any kind don't reach the core group, and its models change what they read and write, so requests and answers are ours.
/// </summary>
internal sealed class ApiConnection : IDisposable
{
    /// <summary>For one request.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    /// <summary>How long a server that has answered before may be away.</summary>
    private static readonly TimeSpan s_away = TimeSpan.FromSeconds(30);

    private readonly KubernetesClientConfiguration _configuration;
    private readonly ExecCredentials? _plugin;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _open = new(1, 1);
    private Kubernetes? _kubernetes;
    private bool _hasAnswered;
    private int _isAway;
    private int _requests;

    public ApiConnection(KubernetesClientConfiguration configuration, ExecCredentials? plugin, TimeProvider time)
    {
        (_configuration, _plugin, _time) = (configuration, plugin, time);
        Server = new(configuration.Host);
    }

    /// <summary>Called with a line when a server that has answered before doesn't answer any more, and is tried again.</summary>
    public Action<string>? Report { get; set; }

    /// <summary>Address of the API server.</summary>
    public Uri Server { get; }

    /// <summary>Requests that were sent.</summary>
    public int Requests => _requests;

    /// <summary>The client, for web sockets.</summary>
    public async Task<Kubernetes> OpenAsync(CancellationToken cancellationToken)
    {
        if (_kubernetes is { } open)
        {
            return open;
        }

        await _open.WaitAsync(cancellationToken);
        try
        {
            if (_kubernetes is null)
            {
                if (_plugin is not null)
                {
                    await _plugin.ApplyAsync(_configuration, cancellationToken);
                }

                _configuration.UserAgent = "monorepo-deploy";
                _kubernetes = new(_configuration);
            }

            return _kubernetes;
        }
        finally
        {
            _open.Release();
        }
    }

    /// <summary>
    /// Sends a request. A server that has answered before and is away for a moment is tried again. The answer is complete, but
    /// for a stream's, which is read as it comes.
    /// </summary>
    /// <exception cref="ClusterException">The server refuses, or doesn't answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var (error, pause) = (new ClusterError(
                ClusterErrorReason.Other, ""), TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(attempt, 5))));
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(request.IsStream ? Timeout.InfiniteTimeSpan : s_timeout);
            try
            {
                var response = await SendOnceAsync(request, limit.Token);
                if (response.IsSuccessStatusCode)
                {
                    (_hasAnswered, _isAway) = (true, 0);
                    return response;
                }

                using var refusal = response;
                var body = await response.Content.ReadAsStringAsync(limit.Token);
                error = ApiErrors.Read(response.StatusCode, body, request.Target, request.About);
                pause = response.Headers.RetryAfter?.Delta ?? pause;
                if (response.StatusCode == HttpStatusCode.Unauthorized && _plugin is not null && attempt == 0)
                {
                    _plugin.Forget();
                    continue;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                error = ApiErrors.TimedOut(request.Target, s_timeout);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                error = ApiErrors.Unreachable(exception, request.Target, Server);
            }

            var isAway = error.Reason is ClusterErrorReason.Unreachable or ClusterErrorReason.Overloaded
                or ClusterErrorReason.Timeout;
            if (!isAway || !_hasAnswered || _time.GetElapsedTime(started) + pause > s_away)
            {
                throw new ClusterException([error]);
            }

            if (Interlocked.Exchange(ref _isAway, 1) == 0)
            {
                Report?.Invoke($"{error.Message} Trying again.");
            }

            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    /// <summary>The lines of an answer that goes on, as they come: of a watch, or a log.</summary>
    /// <exception cref="ClusterException">The server refuses, or the connection broke.</exception>
    public async IAsyncEnumerable<string> LinesAsync(
        ApiRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request with { IsStream = true }, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await LineAsync() is { } line)
        {
            yield return line;
        }

        async Task<string?> LineAsync()
        {
            try
            {
                return await reader.ReadLineAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                throw new ClusterException([ApiErrors.Unreachable(exception, request.Target, Server)]);
            }
        }
    }

    public void Dispose()
    {
        _kubernetes?.Dispose();
        _open.Dispose();
    }

    private async Task<HttpResponseMessage> SendOnceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var kubernetes = await OpenAsync(cancellationToken);
        using var message = new HttpRequestMessage(request.Method, new Uri(kubernetes.BaseUri, request.Path))
        {
            // HTTP/2 where the server speaks it: an apply asks for many things at the same time.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (request.Body is not null)
        {
            message.Content = new StringContent(request.Body, Encoding.UTF8);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        message.Headers.Accept.ParseAdd(request.IsStream && request.Path.Contains("/log", StringComparison.Ordinal)
            ? "*/*"
            : "application/json");
        if (kubernetes.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(message, cancellationToken);
        }

        Interlocked.Increment(ref _requests);
        var completion = request.IsStream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
        return await kubernetes.HttpClient.SendAsync(message, completion, cancellationToken);
    }
}

/// <summary>A request to the API server.</summary>
/// <param name="Target">Whom errors name.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, ClusterTarget Target)
{
    /// <summary>Its body; null: none.</summary>
    public string? Body { get; init; }

    /// <summary>Media type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    public ObjectKey? About { get; init; }

    /// <summary>Whether the answer goes on for as long as somebody reads it.</summary>
    public bool IsStream { get; init; }
}
