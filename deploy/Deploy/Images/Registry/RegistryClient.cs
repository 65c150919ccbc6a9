using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace MonoRepo.Deploy.Images;

/// <summary>
/// Asks container registries (the OCI distribution API, https://github.com/opencontainers/distribution-spec) which image a tag
/// is, and tags images that are there. Images themselves are pushed by the SDK or by docker.
/// </summary>
internal sealed class RegistryClient : IDisposable
{
    // What is asked for: images and lists of images, as OCI and as Docker name them.
    private static readonly string[] s_mediaTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    private readonly HttpClient _http;
    private readonly RegistryTokens _tokens;

    /// <param name="handler">Instead of the network, for tests.</param>
    /// <param name="credentials">Who to be at a registry; what <c>docker login</c> has stored when null.</param>
    public RegistryClient(HttpMessageHandler? handler = null, Func<string, NetworkCredential?>? credentials = null)
    {
        _http = new(
            handler ?? new SocketsHttpHandler { ConnectCallback = ConnectAsync, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
        _tokens = new(_http, credentials ?? DockerCredentials.Find);
    }

    /// <summary>
    /// The digest of the image that a reference means now, <c>sha256:…</c>: that of the list where the image is there for several
    /// platforms. Null where the registry has none.
    /// </summary>
    /// <exception cref="DeployException">The registry can't be reached.</exception>
    public async Task<string?> FindAsync(RegistryReference reference, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Head, reference, reference.Version, null, cancellationToken);
        if (response is null)
        {
            return null;
        }

        return Digest(response) ?? Digest((await ReadAsync(reference, cancellationToken)).Content);
    }

    /// <summary>Gives an image that the registry has another tag.</summary>
    /// <returns>The digest, as the registry says it.</returns>
    /// <exception cref="DeployException">The registry refuses it, or has no such image.</exception>
    public async Task<string> TagAsync(RegistryReference image, string tag, CancellationToken cancellationToken)
    {
        var (content, type) = await ReadAsync(image, cancellationToken);
        ByteArrayContent Body() => new(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var response = await SendAsync(HttpMethod.Put, image, tag, Body, cancellationToken) ?? throw Missing(image);
        return Digest(response) ?? Digest(content);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(byte[] Content, string MediaType)> ReadAsync(
        RegistryReference reference, CancellationToken cancellationToken)
    {
        using var response =
            await SendAsync(HttpMethod.Get, reference, reference.Version, null, cancellationToken)
            ?? throw Missing(reference);
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return (content, response.Content.Headers.ContentType?.MediaType ?? s_mediaTypes[^1]);
    }

    private async Task<HttpResponseMessage?> SendAsync(
        HttpMethod method, RegistryReference reference, string version, Func<HttpContent>? content,
        CancellationToken cancellationToken)
    {
        HttpRequestMessage Request(AuthenticationHeaderValue? authorization)
        {
            // HEAD /v2/dotnet/aspnet/manifests/10.0.12-noble-chiseled
            var request = new HttpRequestMessage(method, new Uri(
                RegistryHost.Address(reference.Host), $"v2/{reference.Repository}/manifests/{version}"))
            { Content = content?.Invoke() };
            request.Headers.Authorization = authorization;
            foreach (var type in s_mediaTypes)
            {
                request.Headers.Accept.Add(new(type));
            }

            return request;
        }

        try
        {
            var scope = (reference.Host, reference.Repository, method == HttpMethod.Put);
            var response = await _http.SendAsync(Request(_tokens.Known(scope)), cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized
                && await _tokens.AnswerAsync(scope, response, cancellationToken) is { } authorization)
            {
                response.Dispose();
                response = await _http.SendAsync(Request(authorization), cancellationToken);
            }

            return response.StatusCode switch
            {
                HttpStatusCode.NotFound => Dispose(response),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => throw Denied(reference, response),
                _ when response.IsSuccessStatusCode => response,
                _ => throw new DeployException(
                    $"The registry {reference.Host} answers {(int)response.StatusCode} {response.ReasonPhrase} for " +
                    $"{reference.Repository}:{version}."),
            };
        }
        catch (Exception e)
            when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var fix = RegistryHost.IsLocal(reference.Host)
                ? "Is it running? docs/k3d.md has the line that starts one; Environments:<name>:Registry names another."
                : "Is there a network, and is the name right?";
            throw new DeployException(
                $"The registry {reference.Host} cannot be reached ({(e.InnerException ?? e).Message.TrimEnd('.')}). {fix}", e);
        }
    }

    private static HttpResponseMessage? Dispose(HttpResponseMessage response)
    {
        response.Dispose();
        return null;
    }

    private static string? Digest(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values.FirstOrDefault() : null;

    // The header is optional; the digest is that of the bytes.
    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static DeployException Missing(RegistryReference reference) =>
        new($"The registry {reference.Host} has no image {reference}.");

    private static DeployException Denied(RegistryReference reference, HttpResponseMessage response) =>
        new($"The registry {reference.Host} denies access to {reference.Repository} ({(int)response.StatusCode}). Run `docker " +
        $"login {reference.Host}`, or check the name: registries deny what does not exist, too.");

    // *.localhost is this machine, whether or not its resolver knows.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint to = RegistryHost.IsLocalName(context.DnsEndPoint.Host)
                ? new DnsEndPoint("localhost", context.DnsEndPoint.Port)
                : context.DnsEndPoint;
            await socket.ConnectAsync(to, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
