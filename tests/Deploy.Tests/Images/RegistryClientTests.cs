using System.Net;
using System.Text;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Images;

namespace MonoRepo.Tests.Deploy;

public sealed class RegistryClientTests : IDisposable
{
    private readonly FakeRegistry _registry = new();
    private readonly RegistryClient _client;

    public RegistryClientTests() => _client = new(_registry, _ => null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redis", "docker.io", "library/redis", null, null)]
    [InlineData("bitnami/redis:8", "docker.io", "bitnami/redis", "8", null)]
    [InlineData("localhost:5000/a/b:1", "localhost:5000", "a/b", "1", null)]
    [InlineData("ghcr.io/a/b@sha256:ab", "ghcr.io", "a/b", null, "sha256:ab")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0@sha256:ab", "mcr.microsoft.com", "dotnet/aspnet", "10.0", "sha256:ab")]
    public void ReferencesReadAsDockerReadsThem(string text, string host, string repository, string? tag, string? digest) =>
        Assert.Equal(new RegistryReference(host, repository, tag, digest), RegistryReference.Parse(text));

    [Theory]
    [InlineData("localhost:5000/a", "http://localhost:5000/")]
    [InlineData("127.0.0.1:5000/a", "http://127.0.0.1:5000/")]
    [InlineData("registry.localhost:5000/a", "http://registry.localhost:5000/")]
    [InlineData("localhost.example.org/a", "https://localhost.example.org/")]
    [InlineData("10.0.0.1:5000/a", "https://10.0.0.1:5000/")]
    [InlineData("redis", "https://registry-1.docker.io/")]
    public async Task OnlyThisMachineIsAskedWithoutTls(string image, string address)
    {
        Uri? asked = null;
        _registry.Answer = request =>
        {
            asked = request.RequestUri;
            return null;
        };
        Assert.Null(await _client.FindAsync(RegistryReference.Parse(image), Token));
        Assert.StartsWith(address, asked!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsksForListsAndImagesAndReturnsTheRegistrysDigest()
    {
        var digest = _registry.Push("shop", "1", "{}");
        var accepted = "";
        _registry.Answer = request =>
        {
            accepted = request.Headers.Accept.ToString();
            return null;
        };
        var found = await _client.FindAsync(RegistryReference.Parse("localhost:5000/shop:1"), Token);
        Assert.Equal(digest, found);
        Assert.Equal(["HEAD localhost:5000/v2/shop/manifests/1"], _registry.Requests);
        Assert.Equal(
            [
                "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
                "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
            ],
            accepted.Split(", "));
    }

    [Fact]
    public async Task ARegistryThatSaysNoDigestIsReadForIt()
    {
        var digest = _registry.Push("shop", "1", "{}");
        _registry.HasDigestHeader = false;
        Assert.Equal(digest, await _client.FindAsync(RegistryReference.Parse("localhost:5000/shop:1"), Token));
    }

    [Fact]
    public async Task APublicRegistryGivesATokenOnceForARepository()
    {
        _registry.Push("library/redis", "8", "{}");
        _registry.Answer = request => request.RequestUri!.Host == "auth.docker.io"
            ? new(HttpStatusCode.OK) { Content = new StringContent("""{"token":"t0"}""") }
            : request.Headers.Authorization?.ToString() == "Bearer t0" ? null : Challenge();
        Assert.NotNull(await _client.FindAsync(RegistryReference.Parse("redis:8"), Token));
        Assert.NotNull(await _client.FindAsync(RegistryReference.Parse("redis:8"), Token));
        Assert.Equal(
            [
                "HEAD registry-1.docker.io/v2/library/redis/manifests/8",
                "GET auth.docker.io/token?scope=repository%3Alibrary%2Fredis%3Apull&service=registry.docker.io",
                "HEAD registry-1.docker.io/v2/library/redis/manifests/8",
                "HEAD registry-1.docker.io/v2/library/redis/manifests/8",
            ],
            _registry.Requests);
    }

    [Fact]
    public async Task APasswordGoesNowhereWithoutTls()
    {
        using var client = new RegistryClient(_registry, _ => new NetworkCredential("me", "secret"));
        _registry.Answer = request => request.RequestUri!.Host == "auth.example.org"
            ? throw new InvalidOperationException("asked")
            : Challenge("http://auth.example.org/token");
        await Assert.ThrowsAsync<DeployException>(() => client.FindAsync(RegistryReference.Parse("ghcr.io/a/b:1"), Token));
    }

    [Fact]
    public async Task CredentialsAreSentWhereTheRegistryAsksForThem()
    {
        _registry.Push("shop", "1", "{}");
        using var client = new RegistryClient(
            _registry, host => host == "registry.example.org" ? new NetworkCredential("me", "secret") : null);
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:secret"));
        _registry.Answer = request =>
            request.Headers.Authorization?.ToString() == basic ? null : Unauthorized("Basic realm=\"shop\"");
        Assert.NotNull(await client.FindAsync(RegistryReference.Parse("registry.example.org/shop:1"), Token));
    }

    [Fact]
    public async Task DeniedIsOneLineThatSaysHowToLogIn()
    {
        _registry.Answer = _ => new(HttpStatusCode.Forbidden);
        var fault =
            await Assert.ThrowsAsync<DeployException>(() => _client.FindAsync(RegistryReference.Parse("ghcr.io/a/b:1"), Token));
        Assert.Equal(
            "The registry ghcr.io denies access to a/b (403). Run `docker login ghcr.io`, or check the name: registries deny " +
            "what does not exist, too.", fault.Message);
    }

    [Fact]
    public async Task UnreachableIsOneLineThatSaysWhere()
    {
        using var client = new RegistryClient(credentials: _ => null);
        var fault = await Assert.ThrowsAsync<DeployException>(
            () => client.FindAsync(RegistryReference.Parse("nowhere.localhost:1/a:1"), Token));
        Assert.StartsWith(
            "The registry nowhere.localhost:1 cannot be reached (Connection refused", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task TaggingPutsTheSameBytesUnderAnotherTag()
    {
        var digest = _registry.Push("shop", "1", """{"layers":[]}""");
        Assert.Equal(digest, await _client.TagAsync(RegistryReference.Parse($"localhost:5000/shop@{digest}"), "inputs-0", Token));
        Assert.Equal(
            [$"GET localhost:5000/v2/shop/manifests/{digest}", "PUT localhost:5000/v2/shop/manifests/inputs-0"],
            _registry.Requests);
        Assert.True(_registry.Has("shop", "inputs-0"));
    }

    [Fact]
    public async Task ARealRegistryFindsAndTags()
    {
        var registry = Environment.GetEnvironmentVariable("MONOREPO_TEST_REGISTRY") ?? "";
        Assert.SkipWhen(registry.Length == 0, "MONOREPO_TEST_REGISTRY names no registry to test against.");
        using var client = new RegistryClient(credentials: _ => null);
        var image = RegistryReference.Parse($"{registry}/dotnet/aspnet:10.0");
        var found = await client.FindAsync(image, Token);
        Assert.NotNull(found);
        var tagged = await client.TagAsync(image with { Tag = null, Digest = found }, "monorepo-test", Token);
        Assert.Equal(found, tagged);
        Assert.Equal(found, await client.FindAsync(image with { Tag = "monorepo-test" }, Token));
        Assert.Null(await client.FindAsync(image with { Tag = "no-such-tag" }, Token));
    }

    public void Dispose()
    {
        _client.Dispose();
        _registry.Dispose();
    }

    private static HttpResponseMessage Challenge(string realm = "https://auth.docker.io/token") =>
        Unauthorized($"Bearer realm=\"{realm}\",service=\"registry.docker.io\",scope=\"repository:library/redis:pull\"");

    private static HttpResponseMessage Unauthorized(string challenge)
    {
        var response = new HttpResponseMessage(HttpStatusCode.Unauthorized);
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        return response;
    }
}
