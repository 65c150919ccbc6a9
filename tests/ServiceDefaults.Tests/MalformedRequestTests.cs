using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Tests;

/// <summary>
/// Bytes that are no request: the caller's fault, whatever the kind of method, in the status and in the metrics.
/// </summary>
public sealed class MalformedRequestTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private TestHost? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestHost.StartAsync(builder => builder.Services.AddSingleton<Action<WebApplication>>(
            app => app.MapGrpcService<GuideOfOutcomes>()));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server!.DisposeAsync();
    }

    [Theory]
    [InlineData("GetFeature", "not a message", new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff }, StatusCode.InvalidArgument)]
    [InlineData("GetFeature", "less than its length", new byte[] { 0, 0, 0, 0, 9, 8 }, StatusCode.InvalidArgument)]
    [InlineData("GetFeature", "no message at all", new byte[0], StatusCode.InvalidArgument)]
    [InlineData("GetFeature", "more than one message", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, StatusCode.InvalidArgument)]
    [InlineData("GetFeature", "compressed by nothing", new byte[] { 1, 0, 0, 0, 1, 8 }, StatusCode.InvalidArgument)]
    [InlineData("ListFeatures", "not a message", new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff }, StatusCode.InvalidArgument)]
    [InlineData("RecordRoute", "not a message", new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff }, StatusCode.InvalidArgument)]
    [InlineData("RecordRoute", "less than its length", new byte[] { 0, 0, 0, 0, 9, 8 }, StatusCode.InvalidArgument)]
    [InlineData("RouteChat", "not a message", new byte[] { 0, 0, 0, 0, 3, 0xff, 0xff, 0xff }, StatusCode.InvalidArgument)]
    [InlineData("GetFeature", "too large", new byte[] { 0, 0x7f, 0, 0, 0, 8 }, StatusCode.ResourceExhausted)]
    public async Task CallerGetsItsOwnFault(string method, string what, byte[] body, StatusCode expected)
    {
        var status = await SendAsync(method, body);

        Assert.True(expected == status, $"{what}: {status}");
        var metrics = await _http.GetStringAsync(new Uri(_server!.Management, "/metrics"), Cancellation);
        Assert.DoesNotMatch(
            "grpc_server_call_duration_seconds_count{[^}]*caller=\"malformed\"[^}]*grpc_status=\"(UNKNOWN|INTERNAL)\"", metrics);
        Assert.Matches(
            $"grpc_server_call_duration_seconds_count{{[^}}]*caller=\"malformed\",grpc_method=\"routeguide.RouteGuide/{method}\"",
            metrics);
    }

    [Fact]
    public async Task ErrorOfTheMethodStaysTheServers() =>
        Assert.Equal(StatusCode.Internal, await SendAsync("GetFeature", [0, 0, 0, 0, 2, 8, GuideOfOutcomes.Fault]));

    private async Task<StatusCode> SendAsync(string method, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server!.Grpc, $"/routeguide.RouteGuide/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new("trailers"));
        request.Headers.Add("x-caller-service", "malformed");
        using var response = await _http.SendAsync(request, Cancellation);
        await response.Content.ReadAsByteArrayAsync(Cancellation);
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return (StatusCode)int.Parse(headers.GetValues("grpc-status").Single());
    }
}
