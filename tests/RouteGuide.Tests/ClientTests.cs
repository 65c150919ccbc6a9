using System.Text.Json;
using MonoRepo.Tests.Services;

namespace MonoRepo.Tests;

/// <summary>The client as a process, over servers that keep their features in memory.</summary>
public sealed class ClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnceWalksAllMethodsAndLogsRealAnswers()
    {
        await using var server = await RouteGuideServer.StartAsync(null, Cancellation);
        await using var client = Start("--once", "--address", server.Grpc.ToString());

        Assert.True(await client.Exit.WaitAsync(Cancellation) == 0, client.Log);
        Assert.Contains("GetFeature: Berkshire Valley", client.Log, StringComparison.Ordinal);
        Assert.Contains("GetFeature: nothing is known at 0,0", client.Log, StringComparison.Ordinal);
        Assert.Matches("ListFeatures: [1-9][0-9]* features", client.Log);
        Assert.Matches("RecordRoute: 10 points, 10 features passed, [1-9][0-9]* m", client.Log);
        Assert.Contains("RouteChat: 1 earlier notes", client.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnceWithoutAServerEndsWithOneAndOneLine()
    {
        await using var client = Start("--once", "--address", "http://127.0.0.1:1");

        Assert.Equal(1, await client.Exit.WaitAsync(Cancellation));
        Assert.StartsWith("The route guide does not answer: DeadlineExceeded", client.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bogus", "--bogus")]
    [InlineData("--once --load", "exclude each other")]
    [InlineData("--load --concurrency 0", "--concurrency is 0")]
    [InlineData("--load --duration many", "many")]
    [InlineData("--load --mix put=1", "'put=1'")]
    [InlineData("--address somewhere", "'somewhere' is no address")]
    public async Task BadUsageEndsWithTwoAndSaysWhat(string arguments, string said)
    {
        await using var client = Start(arguments.Split(' '));

        Assert.Equal(2, await client.Exit.WaitAsync(Cancellation));
        Assert.Contains(said, client.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadReportsThroughputAndPercentilesOfEachMethodAsJson()
    {
        await using var server = await RouteGuideServer.StartAsync(null, Cancellation);
        await using var client = Start(
            "--load", "--json", "--duration", "1", "--concurrency", "4", "--mix", "get=4,list=1,record=1,chat=1", "--address",
            server.Grpc.ToString());

        Assert.True(await client.Exit.WaitAsync(Cancellation) == 0, client.Log);
        var report = JsonDocument.Parse(client.Log).RootElement;
        Assert.Equal(["Get", "List", "Record", "Chat"], report.GetProperty("methods").EnumerateArray()
            .Select(method => method.GetProperty("method").GetString()));
        Assert.All(report.GetProperty("methods").EnumerateArray(), method =>
        {
            Assert.True(method.GetProperty("callsPerSecond").GetDouble() > 0);
            Assert.True(method.GetProperty("p50").GetDouble() > 0);
            Assert.True(method.GetProperty("p999").GetDouble() >= method.GetProperty("p50").GetDouble());
            Assert.Empty(method.GetProperty("errors").EnumerateObject());
        });
    }

    [Fact]
    public async Task TheLoopUsesAllReplicasAndSurvivesTheLossOfOne()
    {
        await using var first = await RouteGuideServer.StartAsync(null, Cancellation);
        await using var second = await RouteGuideServer.StartAsync(null, Cancellation);
        await using var client = ServiceProcess.Start("RouteGuide.Client", new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Kestrel__Endpoints__http__Url"] = "http://127.0.0.1:0",
            ["services__routeguide-server__grpc__0"] = first.Grpc.ToString(),
            ["services__routeguide-server__grpc__1"] = second.Grpc.ToString(),
        });
        await client.WaitForLogAsync("RouteChat: 1 earlier notes", Cancellation);

        await first.Process.SignalAsync("KILL");
        var walks = Walks();
        await client.WaitUntilAsync(() => Walks() >= walks + 2, "two more walks", Cancellation);

        using var http = new HttpClient();
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(client.Addresses[0], "/health"), Cancellation));
        await client.SignalAsync("TERM");
        Assert.Equal(0, await client.Exit.WaitAsync(TimeSpan.FromSeconds(15), Cancellation));

        int Walks() => client.Log.Split("RouteChat:").Length;
    }

    private static ServiceProcess Start(params string[] arguments) =>
        ServiceProcess.Start("RouteGuide.Client", new Dictionary<string, string>(), arguments);
}
