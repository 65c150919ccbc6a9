using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using MonoRepo.Deploy;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;
using static MonoRepo.Tests.Deploy.DeployObjects;

namespace MonoRepo.Tests.Deploy;

/// <summary>The requests that the real client sends, and what it makes of the answers.</summary>
public sealed class ClusterClientTests : IAsyncLifetime
{
    private static readonly ObjectKey s_configMap = new("", "ConfigMap", "a");

    private ApiStandIn _api = null!;
    private ClusterClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiStandIn.StartAsync();
        _client = _api.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Apply_IsServerSideByOurManagerWithStrictValidation()
    {
        var applied = await _client.ApplyAsync([ConfigMap("web", "a")], new(), Token);

        var (line, type, body) = Assert.Single(_api.Requests);
        Assert.Equal("PATCH /api/v1/namespaces/jane/configmaps/a?fieldManager=monorepo&fieldValidation=Strict&force=false", line);
        Assert.Equal("application/apply-patch+yaml", type);
        Assert.Contains("\"A\":\"1\"", body);
        Assert.False(Assert.Single(applied).IsCreated);
        _api.Answer = (201, null);
        Assert.True(Assert.Single(await _client.ApplyAsync([ConfigMap("web", "a")], new(), Token)).IsCreated);
    }

    [Fact]
    public async Task Apply_DryRun_StoresNothing()
    {
        await _client.ApplyAsync(
            [ConfigMap("web", "a")], new() { DryRun = true, ForceConflicts = true, Manager = "other" }, Token);

        Assert.EndsWith("?fieldManager=other&fieldValidation=Strict&force=true&dryRun=All", Assert.Single(_api.Requests).Line);
    }

    [Fact]
    public async Task Apply_SaysAllErrors()
    {
        _api.Answer = Status(422, "Invalid", "no");

        var refused = await Assert.ThrowsAsync<ClusterException>(
            () => _client.ApplyAsync([ConfigMap("web", "a"), ConfigMap("web", "b"), Deployment("c")], new(), Token));

        Assert.Equal([
            s_configMap,
            s_configMap with { Name = "b" },
            new("apps", "Deployment", "c"),
        ], refused.Errors.Select(e => e.Object!).OrderBy(o => o.Name));
        Assert.All(refused.Errors, e => Assert.Equal($"Context 'wanted', namespace 'jane': {e.Object}: no.", e.Message));
    }

    [Fact]
    public async Task Apply_NumbersOfYamlAreNumbersOfJson()
    {
        await _client.ApplyAsync(
            [Read("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, mode: 0640, one: +1, half: .5, text: \"0640\"}")],
            new(), Token);

        Assert.Contains("\"mode\":416,\"one\":1,\"half\":0.5,\"text\":\"0640\"", Assert.Single(_api.Requests).Body);
    }

    [Fact]
    public async Task Replace_NamesTheVersion_AnotherIsAConflict()
    {
        var one = ConfigMap("web", "a");
        one.Map("metadata")!.Add("resourceVersion", "7");
        await _client.ReplaceAsync(one, Token);
        var put = Assert.Single(_api.Requests);
        Assert.StartsWith("PUT /api/v1/namespaces/jane/configmaps/a?", put.Line);
        Assert.Contains("\"resourceVersion\":\"7\"", put.Body);

        _api.Answer = Status(
            409, "Conflict", "Operation cannot be fulfilled on configmaps \\\"a\\\": the object has been modified");
        Assert.Equal(
            ClusterErrorReason.Conflict,
            (await Assert.ThrowsAsync<ClusterException>(() => _client.ReplaceAsync(one, Token))).Reason);
    }

    [Fact]
    public async Task Delete_SaysWhatBecomesOfDependents()
    {
        await _client.DeleteAsync([new("apps", "StatefulSet", "a")], new() { Orphan = true }, Token);

        var (line, _, body) = Assert.Single(_api.Requests);
        Assert.Equal("DELETE /apis/apps/v1/namespaces/jane/statefulsets/a", line);
        Assert.Contains("\"propagationPolicy\":\"Orphan\"", body);
        _api.Answer = Status(404, "NotFound", "statefulsets.apps \\\"a\\\" not found");
        await _client.DeleteAsync([new("apps", "StatefulSet", "a")], new() { Wait = true }, Token);
    }

    [Fact]
    public async Task Get_LeavesOutWhatDoesNotExist()
    {
        _api.Answer = Status(404, "NotFound", "configmaps \\\"a\\\" not found");

        Assert.Empty(await _client.GetAsync(ObjectQuery.Of(s_configMap), Token));
    }

    [Fact]
    public async Task Get_ReadsAllPagesOfAKind()
    {
        _api.Handle = async context =>
        {
            var isFirst = !context.Request.Query.ContainsKey("continue");
            await context.Response.WriteAsync($$$"""
                {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"resourceVersion": "9", "continue": "{{{(isFirst ? "next/page" : "")}}}"},
                 "items": [{"metadata": {"name": "{{{(isFirst ? "a" : "b")}}}", "managedFields": [{"manager": "x"}]}}]}
                """, Token);
            return true;
        };

        var found = await _client.GetAsync(ObjectQuery.OfKinds(ResourceKind.ConfigMap) with { Selector = "a in (b,c)" }, Token);

        Assert.Equal([s_configMap, s_configMap with { Name = "b" }], found.Select(ObjectKey.Of));
        Assert.All(found, f => Assert.Null(f.Map("metadata")!["managedFields"]));
        Assert.Equal(
            [
                "GET /api/v1/namespaces/jane/configmaps?limit=500&labelSelector=a%20in%20%28b%2Cc%29",
                "GET /api/v1/namespaces/jane/configmaps?limit=500&labelSelector=a%20in%20%28b%2Cc%29&continue=next%2Fpage",
            ],
            _api.Requests.Select(r => r.Line));
    }

    [Fact]
    public async Task Get_UnknownKinds_AreAskedForOnce()
    {
        _api.Handle = async context =>
        {
            var answer = context.Request.Path.Value switch
            {
                "/apis/example.org" =>
                    """{"kind": "APIGroup", "versions": [{"groupVersion": "example.org/v3"}, {"groupVersion": "example.org/v2"}], "preferredVersion": {"groupVersion": "example.org/v3"}}""",
                "/apis/example.org/v3" =>
                    """{"kind": "APIResourceList", "resources": [{"name": "others", "kind": "Other", "namespaced": true}]}""",
                "/apis/example.org/v2" =>
                    """{"kind": "APIResourceList", "resources": [{"name": "things", "kind": "Thing", "namespaced": true}, {"name": "things/status", "kind": "Thing"}]}""",
                _ => """{"kind": "ThingList", "metadata": {}, "items": [{"metadata": {"name": "a"}}]}""",
            };
            await context.Response.WriteAsync(answer, Token);
            return true;
        };
        var kind = new ResourceKind("example.org", "Thing");

        await _client.GetAsync(ObjectQuery.OfKinds(kind), Token);
        Assert.Equal(
            "example.org/v2", Assert.Single(await _client.GetAsync(ObjectQuery.OfKinds(kind), Token)).Text("apiVersion"));

        Assert.Equal([
            "/apis/example.org",
            "/apis/example.org/v3",
            "/apis/example.org/v2",
            "/apis/example.org/v2/namespaces/jane/things",
        ], _api.Requests.Select(r => r.Line.Split(' ')[1].Split('?')[0]).Distinct());
        Assert.Equal(5, _api.Requests.Count);
    }

    [Fact]
    public async Task Get_KindsThatCanNotBeRead_AreToldApart()
    {
        _api.Answer = Status(
            403, "Forbidden",
            "roles.rbac.authorization.k8s.io is forbidden: User \\\"jane\\\" cannot list resource \\\"roles\\\"");
        var told = new List<ResourceKind>();

        Assert.Empty(await _client.GetAsync(ObjectQuery.OfKinds(new ResourceKind("rbac.authorization.k8s.io", "Role")) with
        {
            Unreadable = (kind, _) => told.Add(kind),
        }, Token));
        await Assert.ThrowsAsync<ClusterException>(
            () => _client.GetAsync(ObjectQuery.OfKinds(new ResourceKind("rbac.authorization.k8s.io", "Role")), Token));

        Assert.Equal("role.rbac.authorization.k8s.io", Assert.Single(told).ToString());
    }

    [Theory]
    [InlineData(
        403, "Forbidden", "configmaps \\\"a\\\" is forbidden: User \\\"u\\\" cannot patch resource", "",
        ClusterErrorReason.Forbidden)]
    [InlineData(403, "Forbidden", "pods \\\"a\\\" is forbidden: exceeded quota: q", "", ClusterErrorReason.QuotaExceeded)]
    [InlineData(
        403, "Forbidden", "configmaps \\\"a\\\" is forbidden: unable to create new content", "NamespaceTerminating",
        ClusterErrorReason.NamespaceTerminating)]
    [InlineData(401, "Unauthorized", "Unauthorized", "", ClusterErrorReason.Unauthorized)]
    [InlineData(404, "NotFound", "namespaces \\\"jane\\\" not found", "", ClusterErrorReason.NamespaceNotFound)]
    [InlineData(404, "NotFound", "the server could not find the requested resource", "", ClusterErrorReason.UnknownKind)]
    [InlineData(
        409, "Conflict", "Apply failed with 1 conflict: conflict with \\\"x\\\": .data.a", "FieldManagerConflict",
        ClusterErrorReason.FieldConflict)]
    [InlineData(
        422, "Invalid", "Deployment.apps \\\"a\\\" is invalid: spec.selector: Invalid value: {}: field is immutable", "",
        ClusterErrorReason.Immutable)]
    [InlineData(400, "BadRequest", "strict decoding error", "", ClusterErrorReason.Invalid)]
    [InlineData(500, "InternalError", "etcdserver: mvcc: database space exceeded", "", ClusterErrorReason.StorageFull)]
    public async Task ARefusalIsOneLine(int code, string reason, string message, string cause, object expected)
    {
        _api.Answer = Status(code, reason, message, cause);

        var refused = await Assert.ThrowsAsync<ClusterException>(() => _client.ApplyAsync([ConfigMap("web", "a")], new(), Token));

        Assert.Equal(expected, refused.Reason);
        Assert.StartsWith("Context 'wanted', namespace 'jane': ", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task AFieldThatIsNotInTheSchemaIsNamed()
    {
        _api.Answer = Status(
            500, "InternalError",
            "failed to create typed patch object (jane/a; apps/v1, Kind=Deployment): .spec.replica: field not declared in " +
            "schema");

        var refused = await Assert.ThrowsAsync<ClusterException>(() => _client.ApplyAsync([Deployment("a")], new(), Token));

        Assert.Equal(
            new(ClusterErrorReason.Invalid,
                "Context 'wanted', namespace 'jane': deployment.apps/a: .spec.replica: field not declared in schema.",
                new("apps", "Deployment", "a")), Assert.Single(refused.Errors));
    }

    [Fact]
    public async Task AServerThatIsAwayForAMomentIsTriedAgain()
    {
        var told = new List<string>();
        _client.Report = told.Add;
        await _client.ServerVersionAsync(Token);
        Task<string> version = null!;

        await _api.RestartAsync(async () =>
        {
            version = _client.ServerVersionAsync(Token);
            await Eventually.HoldsAsync(() => told.Count > 0, "the client says that nobody answers");
        });

        await version;
        Assert.EndsWith("Is the cluster running, and can this machine reach it? Trying again.", Assert.Single(told));
    }

    [Fact]
    public async Task AServerThatNeverAnsweredIsNotTriedAgain()
    {
        using var folder = new TemporaryFolder();
        var config = folder.Write(
            "config",
            """{"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}], "contexts": [{"name": "here", "context": {"cluster": "c"}}]}""");

        using var client = ClusterClient.Connect(new("here", "jane"), Kubeconfig.Load(config));
        var refused = await Assert.ThrowsAsync<ClusterException>(
            () => client.GetAsync(ObjectQuery.OfKinds(ResourceKind.Pod, ResourceKind.Secret), Token));

        Assert.Equal(ClusterErrorReason.Unreachable, refused.Reason);
        Assert.Matches(
            "^Context 'here', namespace 'jane': the API server http://127.0.0.1:1 doesn't answer: Connection refused" +
            ".*reach it\\?$",
            refused.Message);
    }

    [Fact]
    public async Task AnOverloadedServerIsTriedAgainWhenItSaysSo()
    {
        await _client.ServerVersionAsync(Token);
        var refused = 2;
        _api.Handle = context =>
        {
            context.Response.Headers.RetryAfter = "0";
            context.Response.StatusCode = refused-- > 0 ? 429 : 200;
            return Task.FromResult(context.Response.StatusCode == 429);
        };

        await _client.ServerVersionAsync(Token);

        Assert.Equal(4, _api.Requests.Count);
    }

    [Fact]
    public async Task Watch_GoesOnWhereItWas_AndComparesWhereTheServerHasForgotten()
    {
        var lists = 0;
        _api.Handle = async context =>
        {
            if (!context.Request.Query.ContainsKey("watch"))
            {
                var names = lists++ == 0 ? ("a", "b") : ("b", "d");
                await context.Response.WriteAsync(
                    $$$"""{"metadata": {"resourceVersion": "{{{10 * lists}}}"}, "items": [{{{One(names.Item1, "1")}}}, {{{One(names.Item2, "1")}}}]}""", Token);
                return true;
            }

            // The watch of the first list ends after a change, the next one is told that its version is gone, the last one stays
            // open.
            switch (context.Request.Query["resourceVersion"].ToString())
            {
                case "10":
                    await context.Response.WriteAsync($$$"""{"type": "ADDED", "object": {{{One("c", "11")}}} }""" + "\n", Token);
                    await context.Response.WriteAsync(
                        """{"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "15"}}}""" + "\n", Token);
                    break;
                case "15":
                    await context.Response.WriteAsync(
                        """{"type": "ERROR", "object": {"kind": "Status", "reason": "Expired", "code": 410, "message": "too old"}}""" +
                        "\n", Token);
                    break;
                default:
                    await context.Response.WriteAsync($$$"""{"type": "DELETED", "object": {{{One("d", "21")}}} }""" + "\n", Token);
                    await context.Response.Body.FlushAsync(Token);
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
            }

            return true;
        };

        var changes = new List<string>();
        await foreach (var change in _client.WatchAsync(ObjectQuery.OfKinds(ResourceKind.ConfigMap), Token))
        {
            changes.Add($"{change.Type} {change.Object.TextAt("metadata", "name")}".TrimEnd());
            if (changes[^1] == "Deleted d")
            {
                break;
            }
        }

        Assert.Equal(["Added a", "Added b", "Synced", "Added c", "Deleted a", "Deleted c", "Added d", "Deleted d"], changes);

        static string One(string name, string version) => $$$"""{"metadata": {"name": "{{{name}}}", "resourceVersion": "{{{version}}}"} }""";
    }

    [Fact]
    public async Task Logs_AreLines()
    {
        _api.Handle = async context =>
        {
            await context.Response.WriteAsync("one\ntwo\n", Token);
            return true;
        };

        var since = TimeSpan.FromSeconds(1.5);
        var logs = new LogOptions("p", "main") { Tail = 5, Since = since, Previous = true, Timestamps = true };
        Assert.Equal(["one", "two"], await _client.LogsAsync(logs, Token).ToListAsync(Token));
        Assert.Equal(
            "GET /api/v1/namespaces/jane/pods/p/log" +
            "?follow=false&container=main&tailLines=5&previous=true&timestamps=true&sinceSeconds=2",
            Assert.Single(_api.Requests).Line);
    }

    [Fact]
    public async Task Exec_SendsTheInputToItsEnd_AndTellsTheExitCode()
    {
        _api.Handle = context => SocketAsync(context, "v5.channel.k8s.io", async socket =>
        {
            var input = new MemoryStream();
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, Token) is var received && buffer[0] == 0)
            {
                input.Write(buffer, 1, received.Count - 1);
            }

            Assert.Equal([255, 0], buffer[..2]);
            await SendAsync(socket, 1, $"got {Encoding.UTF8.GetString(input.ToArray())}\nand ");
            await SendAsync(socket, 2, "oh");
            await SendAsync(socket, 1, "more");
            await SendAsync(socket, 3, """{"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": [{"reason": "ExitCode", "message": "3"}]}}""");
        });
        var lines = new List<string>();

        var input = new MemoryStream("héllo"u8.ToArray());
        var result = await _client.ExecAsync(new("p", "main", ["sh", "-c", "exit 3"]) { Input = input, Line = lines.Add }, Token);

        Assert.Equal(new(3, "got héllo\nand more", "oh"), result);
        Assert.Equal(["got héllo", "and more"], lines);
        var line = Assert.Single(_api.Requests).Line;
        Assert.StartsWith("GET /api/v1/namespaces/jane/pods/p/exec?command=sh&command=-c&command=exit", line);
    }

    [Fact]
    public async Task Exec_InAPodThatIsNotThere_IsOneLine()
    {
        _api.Answer = Status(404, "NotFound", "pods \\\"p\\\" not found");

        var refused = await Assert.ThrowsAsync<ClusterException>(() => _client.ExecAsync(new("p", null, ["true"]), Token));

        Assert.Equal("Context 'wanted', namespace 'jane': pods \"p\" not found.", refused.Message);
    }

    [Fact]
    public async Task Forward_SendsAndReceives()
    {
        _api.Handle = context => SocketAsync(context, "v4.channel.k8s.io", async socket =>
        {
            await socket.SendAsync(new byte[] { 0, 80, 0 }, WebSocketMessageType.Binary, true, Token);
            await socket.SendAsync(new byte[] { 1, 80, 0 }, WebSocketMessageType.Binary, true, Token);
            var buffer = new byte[1024];
            var received = await socket.ReceiveAsync(buffer, Token);
            await SendAsync(socket, 0, "you said " + Encoding.UTF8.GetString(buffer, 1, received.Count - 1));
        });

        using var port = await _client.ForwardAsync("p", 80, Token);
        using var answer = new MemoryStream();
        await port.SendAsync(new MemoryStream("hello"u8.ToArray()), Token);
        await port.ReceiveAsync(answer, Token);

        Assert.Equal("you said hello", Encoding.UTF8.GetString(answer.ToArray()));
        Assert.Equal("GET /api/v1/namespaces/jane/pods/p/portforward?ports=80", Assert.Single(_api.Requests).Line);
    }

    [Fact]
    public async Task Forward_PodRefusesThePort_NamesIt()
    {
        _api.Handle = context => SocketAsync(context, "v4.channel.k8s.io", async socket =>
        {
            await socket.SendAsync(new byte[] { 0, 80, 0 }, WebSocketMessageType.Binary, true, Token);
            await socket.SendAsync(new byte[] { 1, 80, 0 }, WebSocketMessageType.Binary, true, Token);
            await SendAsync(socket, 1, "an error occurred forwarding 80:\nconnection refused");
        });

        using var port = await _client.ForwardAsync("p", 80, Token);
        var refused = await Assert.ThrowsAsync<IOException>(() => port.ReceiveAsync(Stream.Null, Token));

        Assert.Equal(
            "Context 'wanted', namespace 'jane': pod p, port 80: an error occurred forwarding 80: connection refused",
            refused.Message);
    }

    [Fact]
    public async Task Forward_LargeMessageToASlowReader_ComesWhole()
    {
        var sent = new byte[3 * 1024 * 1024];
        Random.Shared.NextBytes(sent);
        _api.Handle = context => SocketAsync(context, "v4.channel.k8s.io", async socket =>
        {
            await socket.SendAsync(new byte[] { 0, 80, 0 }, WebSocketMessageType.Binary, true, Token);
            await socket.SendAsync((byte[])[0, .. sent], WebSocketMessageType.Binary, true, Token);
        });

        using var port = await _client.ForwardAsync("p", 80, Token);
        var pipe = new System.IO.Pipelines.Pipe();
        var receiving = port.ReceiveAsync(pipe.Writer.AsStream(leaveOpen: true), Token);
        using var received = new MemoryStream();
        var reading = pipe.Reader.CopyToAsync(received, Token);
        await receiving;
        await pipe.Writer.CompleteAsync();
        await reading;

        Assert.Equal(sent, received.ToArray());
    }

    private static async Task<bool> SocketAsync(HttpContext context, string protocol, Func<WebSocket, Task> work)
    {
        Assert.Contains(protocol, context.WebSockets.WebSocketRequestedProtocols);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
        await work(socket);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        return true;
    }

    private static Task SendAsync(WebSocket socket, byte channel, string text) =>
        socket.SendAsync((byte[])[channel, .. Encoding.UTF8.GetBytes(text)], WebSocketMessageType.Binary, true, Token);

    private static (int, string) Status(int code, string reason, string message, string cause = "") => (code, $$"""
        {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "{{message}}", "reason": "{{reason}}", "code": {{code}},
         "details": {"causes": [{"reason": "{{cause}}"}]} }
        """);
}
