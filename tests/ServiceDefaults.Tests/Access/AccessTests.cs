using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using MonoRepo.Hosting;
using MonoRepo.ServiceDefaults;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;
using Routeguide;
using static Routeguide.RouteGuide;

namespace MonoRepo.Tests.Access;

/// <summary>A service that checks who calls it, over the wire.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private const string Audience = "guide";
    private readonly TokenIssuer _issuer = new();
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLogCollector _log = new();
    private TestHost? _host;
    private GrpcChannel? _channel;

    private IEnumerable<string> Warnings => _log.GetSnapshot().Where(r => r.Level >= LogLevel.Warning).Select(r => r.Message);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var keys = Path.Combine(_folder.Path, "keys.json");
        await File.WriteAllTextAsync(keys, _issuer.Keys, Cancellation);
        _host = await TestHost.StartAsync(
            builder =>
            {
                builder.Logging.AddProvider(new FakeLoggerProvider(_log));
                builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGrpcService<GuideOfOutcomes>());
                builder.Services.AddSingleton<Action<WebApplication>>(app => app.MapGet("/orders/{id}", (string id) => id));
            },
            ("Access:Audience", Audience), ("Access:Namespace", _issuer.Namespace), ("Access:Issuer", _issuer.Issuer),
            ("Access:KeyFile", keys),
            ("Access:Callers:all", "*"), ("Access:Callers:some", "routeguide.RouteGuide/Get*,orders/1"),
            ("Access:Callers:none", ""));
        _channel = GrpcChannel.ForAddress(_host.Grpc);
    }

    public async ValueTask DisposeAsync()
    {
        _channel!.Dispose();
        await _host!.DisposeAsync();
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Token_OfACallerInTheGraph_CallsWhatItMay()
    {
        Assert.Equal(StatusCode.OK, (await GetAsync(Token("all"))).StatusCode);
        Assert.Equal(StatusCode.OK, (await ListAsync(Token("all"))).StatusCode);
        Assert.Equal(StatusCode.OK, (await GetAsync(Token("some"))).StatusCode);
        var refused = await ListAsync(Token("some"));
        Assert.Equal(
            (StatusCode.PermissionDenied,
                "'some' may not call routeguide.RouteGuide/ListFeatures of guide: the graph doesn't grant it."),
            (refused.StatusCode, refused.Detail));
        Assert.Equal(StatusCode.PermissionDenied, (await GetAsync(Token("none"))).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await GetAsync(Token("stranger"))).StatusCode);
        await ListAsync(Token("some"));

        Assert.Single(Warnings, line =>
            line.Contains("'some' may not call routeguide.RouteGuide/ListFeatures", StringComparison.Ordinal));
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(_host!.Management, "/metrics"), Cancellation);
        Assert.Matches("""access_checks_total{[^}]*caller="some",result="denied"[^}]*} [2-9]""", metrics);
        Assert.Matches("""access_checks_total{[^}]*caller="other",result="denied"[^}]*} [1-9]""", metrics);
        Assert.Matches("""access_checks_total{[^}]*caller="all",result="allowed"[^}]*} [1-9]""", metrics);
    }

    [Fact]
    public async Task Token_ThatIsNotValid_IsUnauthenticated()
    {
        using var other = new TokenIssuer();
        var now = DateTimeOffset.UtcNow;
        var hour = TimeSpan.FromHours(1);
        var parts = Token("all").Split('.');
        var claims = Encode("""{"alg":"none","typ":"JWT"}""") + "." + parts[1];

        Assert.Equal("guide asks for a service token, and there is none.", await ProblemAsync(null));
        await IsInvalidAsync(_issuer.Create("all", Audience, now - 2 * hour, hour), "it has expired");
        await IsInvalidAsync(_issuer.Create("all", Audience, now + hour, hour), "it isn't valid yet");
        await IsInvalidAsync(_issuer.Create("all", "todo", now, hour), "it is for another service"); // replayed at another callee
        await IsInvalidAsync(other.Create("all", Audience, now, hour), "its key is unknown");
        await IsInvalidAsync(SignedAs(_issuer, "https://elsewhere.example"), "it is of another issuer");
        await IsInvalidAsync($"{parts[0]}.{Token("none").Split('.')[1]}.{parts[2]}", "its signature is wrong");
        await IsInvalidAsync(claims + ".");
        await IsInvalidAsync(claims + "." + parts[2]);

        // Signed with the public key as if it were a secret.
        var hmac = Encode($$"""{"alg":"HS256","kid":"{{_issuer.KeyId}}"}""") + "." + parts[1];
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_issuer.Keys), Encoding.ASCII.GetBytes(hmac));
        await IsInvalidAsync($"{hmac}.{Base64Url.EncodeToString(signature)}");
        await IsInvalidAsync("garbage", "it can't be read");
        await IsInvalidAsync(new string('x', 9000), "it isn't 'Bearer' and a token");

        // Of the right issuer, and still nobody whom the graph knows.
        Assert.Equal(StatusCode.PermissionDenied, (await GetAsync(SignedAs(_issuer, _issuer.Issuer, "kube-system"))).StatusCode);

        async Task IsInvalidAsync(string token, string? problem = null)
        {
            var text = await ProblemAsync(token);
            Assert.StartsWith("The service token isn't valid for guide: " + problem, text, StringComparison.Ordinal);
        }

        async Task<string> ProblemAsync(string? token)
        {
            var status = await GetAsync(token);
            Assert.Equal(StatusCode.Unauthenticated, status.StatusCode);
            return status.Detail;
        }

        static string SignedAs(TokenIssuer issuer, string name, string space = "local") => issuer.Sign(
            issuer.Header,
            new
            {
                iss = name,
                sub = $"system:serviceaccount:{space}:all",
                aud = Audience,
                exp = DateTimeOffset.UtcNow.AddHours(1)
                .ToUnixTimeSeconds()
            });

        static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task WhatOperatorsAsk_AndExternalEndpoints_NeedNoToken()
    {
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(_channel).CheckAsync(
            new(), cancellationToken: Cancellation)).Status);
        using var http = new HttpClient { BaseAddress = _host!.Management };
        foreach (var path in (string[])["/health", "/alive", "/metrics", "/rpcz"])
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path, Cancellation)).StatusCode);
        }

        _host.App.Services.GetRequiredService<CallContextSettings>().ExternalPorts.Add(_host.Grpc.Port);
        Assert.Equal(StatusCode.OK, (await GetAsync(null)).StatusCode);
    }

    [Fact]
    public async Task HttpEndpoints_AreCheckedByTheirPath()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/orders/1", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/orders/1", "some"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/orders/2", "some"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/orders/2", "all"));

        async Task<HttpStatusCode> StatusAsync(string path, string? caller)
        {
            using var http = new HttpClient { BaseAddress = _host!.Management };
            http.DefaultRequestHeaders.Authorization = caller is null ? null : new("Bearer", Token(caller));
            return (await http.GetAsync(path, Cancellation)).StatusCode;
        }
    }

    [Fact]
    public async Task OurClients_SendTheTokenOfTheServiceThatTheyCall()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, Audience), Token("some") + "\n", Cancellation);
        await using var caller = await TestHost.StartAsync(
            builder => builder.AddGrpcServiceClient<RouteGuideClient>("Guide"),
            ("services:Guide:grpc:0", _host!.Grpc.ToString()), ("services:web:http:0", _host.Management.ToString()),
            ("Access:Tokens", _folder.Path));

        await caller.App.Services.GetRequiredService<RouteGuideClient>().GetFeatureAsync(
            new(), deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: Cancellation);

        // Each service gets its own token, and hosts that are none get nothing.
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "web"), Token("some"), Cancellation);
        using var http = caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Assert.Equal("1", await http.GetStringAsync("http://web/orders/1", Cancellation));
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(_host.Management, "/orders/1"), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task SettingsThatAreWrong_AreNamedAtOnce()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => TestHost.StartAsync(
            null, ("Access:Audience", "guide"), ("Access:KeyFile", "keys.json"), ("Access:Cluster", "here"),
            ("Access:Callers:a", "*/Get")));

        Assert.Equal(
            "Access__Namespace is missing: whose service accounts may call? Set either Access__KeyFile with Access__Issuer, " +
            "or Access__ClusterFolder. "
            + "'here' in Access__Cluster isn't an address such as https://kubernetes.default.svc. "
            + "'*/Get' in Access__Callers__a isn't a method such as todo.v1.TodoService/DeleteItem, or the beginning of one " +
            "and '*'.",
            exception.Message);
    }

    private string Token(string caller) => _issuer.Create(caller, Audience, DateTimeOffset.UtcNow, TimeSpan.FromHours(1));

    private Task<Status> GetAsync(string? token) => EndAsync(token, headers =>
        new RouteGuideClient(_channel).GetFeatureAsync(new(), headers, cancellationToken: Cancellation).ResponseAsync);

    private Task<Status> ListAsync(string token) => EndAsync(token, async headers =>
    {
        using var call = new RouteGuideClient(_channel).ListFeatures(new(), headers, cancellationToken: Cancellation);
        await call.ResponseStream.MoveNext(Cancellation);
    });

    private static async Task<Status> EndAsync(string? token, Func<Metadata, Task> call)
    {
        try
        {
            await call(token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } });
            return Status.DefaultSuccess;
        }
        catch (RpcException exception)
        {
            return exception.Status;
        }
    }
}
