using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Routeguide;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using static MonoRepo.Tests.Calls;

namespace MonoRepo.Tests;

public sealed class HealthAndReflectionTests(RedisServerStack stack) : IClassFixture<RedisServerStack>
{
    private readonly Health.HealthClient _health = new(stack.Channel);

    [Theory]
    [InlineData("")]
    [InlineData("liveness")]
    [InlineData("routeguide.RouteGuide")]
    public async Task CheckAndWatchAnswerServing(string service)
    {
        var request = new HealthCheckRequest { Service = service };

        Assert.Equal(ServingStatus.Serving, (await _health.CheckAsync(request, Options())).Status);
        using var watch = _health.Watch(request, Options());
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task AnUnknownServiceIsNotFoundByCheckAndUnknownToWatch()
    {
        var request = new HealthCheckRequest { Service = "other.Service" };

        await FailsAsync(StatusCode.NotFound, () => _health.CheckAsync(request, Options()).ResponseAsync);
        using var watch = _health.Watch(request, Options());
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task ReflectionDescribesWhatIsServed()
    {
        using var call = new ServerReflection.ServerReflectionClient(stack.Channel).ServerReflectionInfo(Options());

        var list = await AskAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.Equal(
            [
                "grpc.health.v1.Health",
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection",
                "routeguide.RouteGuide",
            ],
            list.ListServicesResponse.Service.Select(service => service.Name).Order());

        foreach (var symbol in (string[])["routeguide.RouteGuide", "routeguide.RouteGuide.GetFeature", "routeguide.Point"])
        {
            var file = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });
            Assert.Equal(
                RouteGuideReflection.Descriptor.SerializedData, Assert.Single(file.FileDescriptorResponse.FileDescriptorProto));
        }

        var unknown = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "nobody.Knows" });
        Assert.Equal((int)StatusCode.NotFound, unknown.ErrorResponse.ErrorCode);

        async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            return call.ResponseStream.Current;
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task ProbesAreAnsweredOnTheManagementEndpointOnly(string path)
    {
        Assert.Equal(200, await stack.Servers[0].GetStatusAsync(path, TestContext.Current.CancellationToken));

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stack.Servers[0].Grpc, path))
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)response.StatusCode);
    }
}
