using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace MonoRepo.Tests.Deploy;

/// <summary>A registry's manifests, in memory: /v2/name/manifests/tag-or-digest.</summary>
internal sealed class FakeRegistry : HttpMessageHandler
{
    private readonly Dictionary<string, byte[]> _manifests = [];

    /// <summary>Requests in their order: <c>HEAD localhost:5000/v2/shop/manifests/1</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Answers instead, where it has an answer.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> Answer { get; set; } = _ => null;

    public bool HasDigestHeader { get; set; } = true;

    /// <summary>Stores a manifest under a tag and its digest.</summary>
    public string Push(string repository, string tag, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = Digest(bytes);
        lock (_manifests)
        {
            _manifests[$"{repository}:{tag}"] = bytes;
            _manifests[$"{repository}:{digest}"] = bytes;
        }

        return digest;
    }

    public void Clear() => _manifests.Clear();

    public bool Has(string repository, string version) => _manifests.ContainsKey($"{repository}:{version}");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        lock (Requests)
        {
            Requests.Add($"{request.Method} {uri.Authority}{uri.PathAndQuery}");
        }

        if (Answer(request) is { } answer)
        {
            return answer;
        }

        var parts = uri.AbsolutePath["/v2/".Length..].Split("/manifests/");
        if (request.Method == HttpMethod.Put)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            return WithDigest(new(HttpStatusCode.Created), Push(parts[0], parts[1], Encoding.UTF8.GetString(body)));
        }

        lock (_manifests)
        {
            return _manifests.TryGetValue($"{parts[0]}:{parts[1]}", out var bytes)
                ? Manifest(bytes)
                : new(HttpStatusCode.NotFound);
        }
    }

    private HttpResponseMessage Manifest(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.oci.image.manifest.v1+json") },
        };
        return WithDigest(new(HttpStatusCode.OK) { Content = content }, Digest(bytes));
    }

    private HttpResponseMessage WithDigest(HttpResponseMessage response, string digest)
    {
        if (HasDigestHeader)
        {
            response.Headers.Add("Docker-Content-Digest", digest);
        }

        return response;
    }

    private static string Digest(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
