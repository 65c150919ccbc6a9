using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace MonoRepo.Tests;

/// <summary>The AppHost as <c>aspire publish</c> and <c>aspire do</c> start it: what the command sends and expects, without the command.</summary>
public sealed class AspireCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task AStepIsShownAndItsFileWritten()
    {
        var output = Path.Combine(_folder.Path, "out");
        using var appHost = Start("publish-manifest", output);
        using var client = await ConnectAsync();
        Assert.Contains("baseline.v2", (await client.CallAsync("GetCapabilitiesAsync"))!.AsArray().Select(c => c!.GetValue<string>()));
        var token = (await client.CallAsync("GetPublishingActivitiesAsync"))!["token"]!.DeepClone();
        var seen = new List<JsonNode>();
        for (var finished = false; !finished;)
        {
            var next = await client.CallAsync("$/enumerator/next", token.DeepClone());
            seen.AddRange(next!["values"]!.AsArray().Select(v => v!));
            finished = next["finished"]!.GetValue<bool>();
        }

        Assert.Equal(["step", "log", "step", "publish-complete"], seen.Select(a => a["type"]!.GetValue<string>()));
        Assert.Equal(["InProgress", "Completed", "Completed"], seen.Where(a => a["type"]!.GetValue<string>() != "log").Select(a => a["data"]!["completionState"]!.GetValue<string>()));
        await client.CallAsync("RequestStopAsync");
        await appHost.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, appHost.ExitCode);
        Assert.True(File.Exists(Path.Combine(output, "aspire-manifest.json")));
    }

    [Fact]
    public async Task WhoAsksForTheStepsOnlyPublishesNothing()
    {
        var output = Path.Combine(_folder.Path, "out");
        using var appHost = Start("publish", output);
        using var client = await ConnectAsync();
        var steps = (await client.CallAsync("GetPipelineStepsAsync", new JsonObject()))!["steps"]!.AsArray();
        Assert.Equal(["publish", "publish-manifest"], steps.Select(s => s!["name"]!.GetValue<string>()));
        await client.CallAsync("RequestStopAsync");
        await appHost.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, appHost.ExitCode);
        Assert.False(Directory.Exists(output));
    }

    public void Dispose() => _folder.Dispose();

    private string Socket => Path.Combine(_folder.Path, "cli");

    private Process Start(string step, string output)
    {
        var start = new ProcessStartInfo("dotnet", [AppHostTests.AppHost, "--operation", "publish", "--step", step, "--output-path", output])
        {
            RedirectStandardOutput = true,
            Environment = { ["ASPIRE_BACKCHANNEL_PATH"] = Socket },
        };
        return Process.Start(start)!;
    }

    private async Task<Client> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), TestContext.Current.CancellationToken);
                return new(new NetworkStream(socket, ownsSocket: true));
            }
            catch (SocketException) when (watch.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>The calling side, one call at a time.</summary>
    private sealed class Client(Stream stream) : IDisposable
    {
        private readonly BinaryReader _reader = new(stream);
        private int _id;

        public async Task<JsonNode?> CallAsync(string method, params JsonNode?[] parameters)
        {
            var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_id, ["method"] = method, ["params"] = new JsonArray(parameters) };
            var body = Encoding.UTF8.GetBytes(request.ToJsonString());
            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), .. body]);
            var header = new StringBuilder();
            while (!header.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                header.Append((char)_reader.ReadByte());
            }

            var answer = JsonNode.Parse(_reader.ReadBytes(int.Parse(header.ToString().Split(':', '\r')[1])))!;
            Assert.Equal(_id, answer["id"]!.GetValue<int>());
            Assert.Null(answer["error"]);
            return answer["result"];
        }

        public void Dispose() => stream.Dispose();
    }
}
