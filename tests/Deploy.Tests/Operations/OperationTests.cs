using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

public sealed class OperationTests
{
    private const string Service =
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{name: http, port: 0, " +
        "targetPort: http}]}}";

    private static readonly ObjectKey s_web = new("apps", "Deployment", "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_NotesTheTimeInTheTemplateOfWhatIsThere()
    {
        var cluster = new FakeCluster().With(DeployObjects.Deployment("web"));
        var restart = new WorkloadRestart(cluster, TimeProvider.System);

        var restarted = await restart.RestartAsync(
            WorkloadRestart.Among(
                [DeployObjects.Deployment("web"), DeployObjects.Deployment("gone"), DeployObjects.Job("migrate")]), Token);

        Assert.Equal([s_web], restarted);
        Assert.NotNull(cluster[s_web].TextAt("spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"));
    }

    [Fact]
    public async Task Restart_OfAPausedDeployment_IsRefusedAndRestartsNone()
    {
        var paused = DeployObjects.Deployment("web");
        paused.Map("spec")!["paused"] = YamlScalar.True;
        var cluster = new FakeCluster().With(paused, DeployObjects.Deployment("other"));

        var refused = await Assert.ThrowsAsync<DeployException>(() =>
            new WorkloadRestart(cluster, TimeProvider.System).RestartAsync([s_web, s_web with { Name = "other" }], Token));

        Assert.StartsWith("deployment.apps/web is paused", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["get"], cluster.Calls);
    }

    [Theory]
    [InlineData("Deployment", "server", "server")]
    [InlineData("Pod", "server-6c9f-x2x7", "server")]
    [InlineData("Pod", "server-extra-6c9f-x2x7", "server-extra")]
    [InlineData("PersistentVolumeClaim", "data-store-0", "store")]
    [InlineData("Pod", "data-store-0", null)]
    [InlineData("Pod", "servers-1", null)]
    public void Events_AreToldByTheNameOfWhatTheyAreAbout(string kind, string name, string? resource)
    {
        string[] resources = ["server", "server-extra", "store"];
        var objects = Live.Objects([
            .. resources.Select(n =>
                $"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: {n}, annotations: {{monorepo/resource: {n}}}}}}}"),
        ]);
        var one = LiveEvent.Of(DeployObjects.Read($"kind: Event\ninvolvedObject: {{kind: {kind}, name: {name}}}"));

        Assert.Equal(resource, resources.SingleOrDefault(r => new ResourceEvents(objects, [r]).Contains(one)));
        Assert.True(new ResourceEvents(objects, []).Contains(one));
    }

    [Fact]
    public async Task Exec_TakesAPodThatIsReady_OrThePodThatIsNamed()
    {
        var objects = Live.Objects(Live.Deployment("server", 2, 2, 1, 2));
        var cluster = new FakeCluster().With(Live.Objects(
            Pod("a", "server", isReady: false), Pod("b", "server"), Pod("c", "server", phase: "Succeeded")));

        Assert.Equal("b", (await PodChoice.FindAsync(cluster, objects, "server", Token)).Name);
        Assert.Equal("a", (await PodChoice.FindAsync(cluster, objects, "a", Token)).Name);
        Assert.Contains(
            "neither a resource",
            (await Assert.ThrowsAsync<UnknownNameException>(() => PodChoice.FindAsync(cluster, objects, "d", Token))).Message,
            StringComparison.Ordinal);
        cluster.Remove(new("", "Pod", "a"));
        cluster.Remove(new("", "Pod", "b"));
        Assert.StartsWith(
            "No pod of 'server' runs",
            (await Assert.ThrowsAsync<DeployException>(() => PodChoice.FindAsync(cluster, objects, "server", Token))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_OfAContainerThatThePodDoesNotHave_NamesThoseThatItHas()
    {
        var pod = new LiveObject(DeployObjects.Read("""
            kind: Pod
            metadata: {name: redis-0}
            spec: {containers: [{name: redis}], initContainers: [{name: keeper}]}
            """));

        PodChoice.CheckContainer(pod, null);
        PodChoice.CheckContainer(pod, "keeper");
        var refused = Assert.Throws<UnknownNameException>(() => PodChoice.CheckContainer(pod, "nope"));
        Assert.Equal("Pod redis-0 has no container 'nope'. It has: redis, keeper.", refused.Message);
    }

    [Fact]
    public void PortForward_TakesAFreePort_UnlessOneWasAskedFor()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var number = ((IPEndPoint)taken.LocalEndpoint).Port;
        var port = Assert.Single(ForwardedPort.Of(Live.Objects(Service)[0])) with { Port = number };
        using var free = new PortForward(new FakeCluster(), port, _ => { }, TimeProvider.System);
        using var asked = new PortForward(new FakeCluster(), port with { LocalPort = number }, _ => { }, TimeProvider.System);

        Assert.NotEqual(number, free.Listen().Port);
        var refused = Assert.Throws<DeployException>(asked.Listen);
        Assert.Equal($"Port {number} of this machine is taken. Choose another one for 'web'.", refused.Message);
    }

    [Fact]
    public async Task PortForward_GoesToTheSuccessorOfAPodThatWasReplaced()
    {
        using var answering = new TcpListener(IPAddress.Loopback, 0);
        answering.Start();
        var cluster = new FakeCluster { Forward = (pod, port) => Answer(answering, $"{pod}:{port}") }
            .With(Live.Objects(Pod("a", "web")));
        var reports = new List<string>();
        using var forward = new PortForward(
            cluster, Assert.Single(ForwardedPort.Of(Live.Objects(Service)[0])), reports.Add, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var address = forward.Listen();
        var serving = forward.RunAsync(stop.Token);

        Assert.Equal(IPAddress.Loopback, address.Address);
        Assert.Equal("a:8080", await ReadAsync(address));
        cluster.Remove(new("", "Pod", "a"));
        cluster.With(Live.Objects(Pod("b", "web")));
        Assert.Equal("b:8080", await ReadAsync(address));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Empty(reports);
    }

    [Fact]
    public async Task PortForward_WaitsForAPodToBeReady()
    {
        using var answering = new TcpListener(IPAddress.Loopback, 0);
        answering.Start();
        var cluster = new FakeCluster { Forward = (pod, port) => Answer(answering, $"{pod}:{port}") };
        cluster.After = call => { if (call == "get" && !cluster.Keys.Any()) { cluster.With(Live.Objects(Pod("b", "web"))); } };
        using var forward = new PortForward(
            cluster, ForwardedPort.Of(Live.Objects(Service)[0])[0], _ => { }, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var address = forward.Listen();
        _ = forward.RunAsync(stop.Token);

        Assert.Equal("b:8080", await ReadAsync(address));
        await stop.CancelAsync();
    }

    // A port that writes a line: after the message with its number.
    private static PodPort Answer(TcpListener listener, string line)
    {
        var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var server = listener.AcceptTcpClient();
        using var socket = WebSocket.CreateFromStream(server.GetStream(), new() { IsServer = true });
        socket.SendAsync(new byte[] { 0, 0, 0 }, WebSocketMessageType.Binary, true, Token).Wait(Token);
        socket.SendAsync((byte[])[0, .. Encoding.UTF8.GetBytes(line)], WebSocketMessageType.Binary, true, Token).Wait(Token);
        socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token).Wait(Token);
        return new(WebSocket.CreateFromStream(client.GetStream(), new()), "pod");
    }

    private static async Task<string> ReadAsync(IPEndPoint address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, Token);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(Token);
    }

    private static string Pod(string name, string app, bool isReady = true, string phase = "Running") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, labels: {app: {{app}} } }
        spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
        status: {phase: {{phase}}, conditions: [{type: Ready, status: "{{(isReady ? "True" : "False")}}"}]}
        """;
}
