using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>DCP's API: a Kubernetes API server in small, over TLS with one known certificate.</summary>
internal sealed class DcpClient : IDisposable
{
    private const string Version = "usvc-dev.developer.microsoft.com/v1";
    private readonly HttpClient _http;

    public DcpClient(DcpAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                    shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(address.Certificate.RawData),
            },
        };
        _http = new HttpClient(handler) { BaseAddress = address.Server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", address.Token);
    }

    public void Dispose() => _http.Dispose();

    public async Task<T> CreateAsync<T>(T item, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var body = JsonSerializer.SerializeToNode(item, DcpJson.Of<T>())!.AsObject();
        body["apiVersion"] = Version;
        body["kind"] = T.KindName;
        using var response = await SendAsync(HttpMethod.Post, PathOf<T>(), body, "application/json", cancellationToken).ConfigureAwait(false);
        return await ReadAsync<T>(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The object, or default when there is none of that name.</summary>
    public async Task<T?> FindAsync<T>(string name, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Get, PathOf<T>(name), null, null, cancellationToken).ConfigureAwait(false);
            return await ReadAsync<T>(response, cancellationToken).ConfigureAwait(false);
        }
        catch (DcpException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return default;
        }
    }

    /// <summary>Deletes the object; one that is gone already is no error.</summary>
    public async Task DeleteAsync<T>(string name, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Delete, PathOf<T>(name), null, null, cancellationToken).ConfigureAwait(false);
        }
        catch (DcpException e) when (e.Status == HttpStatusCode.NotFound)
        {
        }
    }

    /// <summary>Asks an executable or a container to stop. DCP sends SIGTERM to the process tree, SIGKILL after six seconds.</summary>
    public async Task StopAsync<T>(string name, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var patch = new JsonObject { ["spec"] = new JsonObject { ["stop"] = true } };
        using var response = await SendAsync(HttpMethod.Patch, PathOf<T>(name), patch, "application/merge-patch+json", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every object of a kind as it is, then every change, until the server closes the stream.</summary>
    public async IAsyncEnumerable<DcpWatchEvent<T>> WatchAsync<T>([EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IDcpObject
    {
        using var response = await SendAsync(HttpMethod.Get, $"{PathOf<T>()}?watch=true", null, null, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0 && JsonSerializer.Deserialize(line, DcpJson.Of<DcpWatchEvent<T>>()) is { } change)
            {
                yield return change;
            }
        }
    }

    /// <summary>The lines of one source, each as <c>2026-11-20T11:39:00.280Z text</c>. A followed stream ends with the process.</summary>
    /// <param name="source">stdout, stderr, system; containers also startup_stdout, startup_stderr.</param>
    public async IAsyncEnumerable<string> LogAsync<T>(string name, string source, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var path = $"{PathOf<T>(name)}/log?source={source}&follow={(follow ? "true" : "false")}&timestamps=true";
        using var response = await SendAsync(HttpMethod.Get, path, null, null, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Tells DCP to stop everything and end itself.</summary>
    public async Task StopServerAsync(CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["status"] = "Stopping", ["shutdownResourceCleanup"] = "Full" };
        using var response = await SendAsync(HttpMethod.Patch, "admin/execution", patch, "application/merge-patch+json", cancellationToken).ConfigureAwait(false);
    }

    private static string PathOf<T>(string? name = null)
        where T : IDcpObject => $"apis/{Version}/{T.Plural}{(name is null ? "" : "/" + name)}";

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await JsonSerializer.DeserializeAsync(stream, DcpJson.Of<T>(), cancellationToken).ConfigureAwait(false)
            ?? throw new DcpException(response.StatusCode, "DCP answered null.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body, string? type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            // Without a charset: /admin/execution compares the type as a whole.
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(type!));
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new DcpException(response.StatusCode, await MessageOfAsync(response, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<string> MessageOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(text, DcpJson.Of<DcpStatus>())?.Message ?? text;
        }
        catch (JsonException)
        {
            return $"{(int)response.StatusCode} {text}";
        }
    }
}
