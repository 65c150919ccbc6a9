using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests.Engine;

public sealed class EndpointTests
{
    private const string Forever = "exec sleep 3600";

    /// <summary>Answers each connection with its process id.</summary>
    private const string PidServer = """
        #!/usr/bin/python3
        import os, socket, sys
        s = socket.create_server(("127.0.0.1", int(os.environ.get("PORT") or sys.argv[1])))
        while True:
            c, _ = s.accept()
            c.sendall(str(os.getpid()).encode())
            c.close()
        """;

    [Fact]
    public async Task CallersGetOneAddressForEachReplica()
    {
        using var program = new ScriptFile(PidServer);
        var builder = new TestBuilder();
        builder.Programs[program.Path] = program.Path;
        var server = builder.AddResource(new ProjectResource("server"))
            .WithAnnotation(new TestProject(program.Path))
            .WithAnnotation(new ReplicaAnnotation(3))
            .WithHttpEndpoint(name: "grpc", env: "PORT");
        builder.AddExecutable("caller", "/bin/sh", "/tmp", "-c", "env | grep ^services__ | sort").WithReference(server.GetEndpoint("grpc"));
        await using var app = await RunningApp.StartAsync(builder);
        await app.UntilAsync("server", _ => server.Resource.GetInstanceNames().All(name => app.StateOf(name) == KnownResourceStates.Running));

        var caller = await app.UntilAsync("caller", KnownResourceStates.Finished);
        var variables = (await app.LinesAsync(caller.ResourceId)).Select(line => line.Split('=')).ToList();

        Assert.Equal(["services__server__grpc__0", "services__server__grpc__1", "services__server__grpc__2"], variables.Select(variable => variable[0]));
        var pids = new List<string>();
        foreach (var address in variables.Select(variable => new Uri(variable[1])))
        {
            var first = await ReadAsync(address);
            Assert.Equal(first, await ReadAsync(address));
            pids.Add(first);
        }

        Assert.Equal(3, pids.Distinct().Count());
        Assert.Contains(await ReadAsync(new Uri(server.GetEndpoint("grpc").Url)), pids);
    }

    [Fact]
    public async Task AnEndpointWithoutProxyIsTheProcessItself()
    {
        using var program = new ScriptFile(PidServer);
        var builder = new TestBuilder();
        var direct = builder.AddExecutable("direct", program.Path, "/tmp").WithHttpEndpoint(isProxied: false);
        direct.WithArgs(direct.GetEndpoint("http").Property(EndpointProperty.TargetPort));
        await using var app = await RunningApp.StartAsync(builder);

        var running = await app.UntilAsync("direct", change => change.Snapshot.Urls.Any(url => !url.IsInactive));

        Assert.Equal(PidOf(running), await ReadAsync(new Uri(direct.GetEndpoint("http").Url)));
    }

    [Fact]
    public async Task ATakenPortNamesItsHolderAndTheRestRuns()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var builder = new TestBuilder();
        builder.Configuration["DcpPublisher:RandomizePorts"] = "false";
        builder.AddExecutable("late", "/bin/sh", "/tmp", "-c", Forever).WithHttpEndpoint(port: port, env: "PORT");
        builder.AddExecutable("other", "/bin/sh", "/tmp", "-c", Forever);
        await using var app = await RunningApp.StartAsync(builder);

        await app.UntilAsync("late", KnownResourceStates.FailedToStart);

        await app.UntilLoggedAsync($"Port {port} of endpoint 'http' of 'late' is taken by ");
        Assert.Contains($"(pid {Environment.ProcessId})", app.Log);
        await app.UntilAsync("other", KnownResourceStates.Running);
    }

    [Fact]
    public async Task AContainerWithoutARuntimeSaysWhyAndTheRestRuns()
    {
        var builder = new TestBuilder();
        builder.Configuration["DcpPublisher:ContainerRuntime"] = "podman";
        Assert.SkipWhen(File.Exists("/usr/bin/podman"), "podman is installed: there is a runtime");
        builder.AddContainer("box", "busybox");
        builder.AddExecutable("other", "/bin/sh", "/tmp", "-c", Forever);
        await using var app = await RunningApp.StartAsync(builder);

        await app.UntilAsync("other", KnownResourceStates.Running);
        await app.UntilAsync("box", KnownResourceStates.FailedToStart);

        await app.UntilLoggedAsync("could not be started: Neither Docker nor Podman was found");
    }

    private static string? PidOf(ResourceEvent change) =>
        change.Snapshot.Properties.FirstOrDefault(property => property.Name == KnownProperties.ExecutablePid)?.Value?.ToString();

    private static async Task<string> ReadAsync(Uri address)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await TryReadAsync(address, deadline.Token) is { Length: > 0 } answer)
            {
                return answer;
            }

            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>Null while the process does not listen yet; empty from a proxy without a process.</summary>
    private static async Task<string?> TryReadAsync(Uri address, CancellationToken deadline)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, deadline);
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadToEndAsync(deadline);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    private sealed record TestProject(string ProjectPath) : IProjectMetadata
    {
        public bool SuppressBuild => true;
    }
}
