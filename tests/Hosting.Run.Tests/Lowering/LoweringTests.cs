using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Tests.Lowering;

public sealed class LoweringTests
{
    private static readonly ResourceInstance _instance = new("web", "web-abcdefgh", "abcdefgh", 1, 2);

    [Fact]
    public void AServiceIsNamedAfterAResourceWithOneEndpoint() =>
        Assert.Equal(["web"], Names(Plan(1, Endpoint("web", "http"))));

    [Fact]
    public void ServicesAreNamedAfterTheEndpointsOfAResourceWithSeveral() =>
        Assert.Equal(["web-http", "web-admin"], Names(Plan(1, Endpoint("web", "http"), Endpoint("web", "admin"))));

    [Fact]
    public void NamesThatMeetAreMadeUnique() =>
        Assert.Equal(["a-b", "a-b-1", "a-c"], Names(Plan(1, Endpoint("a-b", "x"), Endpoint("a", "b"), Endpoint("a", "c"))));

    [Fact]
    public void EachReplicaHasAServiceBesideTheSharedOne()
    {
        var plans = Plan(2, Endpoint("web", "http") with { Port = 8080 });

        Assert.Equal(["web", "web-replica0", "web-replica1"], Names(plans));
        Assert.Equal([8080, null, null], plans.Select(plan => plan.Endpoint.Port));
    }

    [Fact]
    public void AProxylessServiceSaysSo()
    {
        var service = ServiceLowering.Lower(Plan(1, Endpoint("web", "http") with { IsProxied = false, Port = 7000 })[0]);

        Assert.Equal(new DcpServiceSpec("localhost", 7000, "TCP", "Proxyless"), service.Spec);
    }

    [Fact]
    public void AnExecutableTellsWhatItServesAndProtectsBraces()
    {
        var plans = Plan(2, Endpoint("web", "http"));
        var command = new LaunchCommand("/app/web", "/app", ["{{first}}"], [new("DOTNET_ROOT", "/dotnet")]);
        var configuration = new LaunchConfiguration([new("--x={{y}}")], [new("PORT", DcpTemplate.PortForServing("web"))]);

        var executable = ExecutableLowering.Lower(_instance, command, configuration, [new(plans[0], 5000), new(plans[2], 5000)]);

        Assert.Equal("web-abcdefgh", executable.Metadata.Name);
        Assert.Equal("1", executable.Metadata.Annotations!["resource-replica-index"]);
        Assert.Equal("abcdefgh", executable.Metadata.Annotations["otel-service-instance-id"]);
        Assert.Equal(
            """[{"serviceName":"web","address":"localhost","port":5000},{"serviceName":"web-replica1","address":"localhost","port":5000}]""",
            executable.Metadata.Annotations["service-producer"]);
        Assert.Equal(["""{{"{{"}}first}}""", """--x={{"{{"}}y}}"""], executable.Spec.Args);
        Assert.Equal([new("DOTNET_ROOT", "/dotnet"), new("PORT", """{{ portForServing "web" }}""")], executable.Spec.Env);
    }

    [Fact]
    public void AContainerPublishesAHostPortOnlyWithoutAProxy()
    {
        var proxied = Endpoint("web", "http") with { Port = 8080, TargetPort = 80 };
        var direct = proxied with { Endpoint = "admin", IsProxied = false, Port = 9090, TargetPort = 81 };
        var plans = Plan(1, proxied, direct);

        var container = ContainerLowering.Lower(
            _instance with { Count = 1 }, new ContainerPlan { Image = "nginx:1" }, new LaunchConfiguration([], []), [new(plans[0], 80), new(plans[1], 81)]);

        Assert.Equal([new DcpContainerPort(80, null, "TCP"), new DcpContainerPort(81, 9090, "TCP")], container.Spec.Ports);
        Assert.Equal(["web", "web.dev.internal"], container.Spec.Networks.Single().Aliases);
    }

    private static EndpointPlan Endpoint(string resource, string name) => new(resource, name, "TCP", "localhost", "localhost", null, null, true);

    private static IReadOnlyList<ServicePlan> Plan(int replicas, params EndpointPlan[] endpoints) => ServiceLowering.Plan(endpoints, _ => replicas);

    private static IEnumerable<string> Names(IReadOnlyList<ServicePlan> plans) => plans.Select(plan => plan.Name);
}
