using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

/// <summary>What <c>run --wait</c> says about states that a run would take long to bring about.</summary>
public sealed class ReadinessReportTests
{
    private readonly ResourceStates _states = new();
    private readonly List<InstanceReadiness> _instances = [];

    [Fact]
    public async Task Pending_SaysWhatIsWaitedForAndWhy()
    {
        var server = new ExecutableResource("server", "server", ".");
        server.Annotations.Add(new ReplicaAnnotation(2));
        var client = new ExecutableResource("client", "client", ".");
        client.Annotations.Add(new WaitAnnotation(server, WaitType.WaitUntilHealthy));
        var report = new HealthReportSnapshot("ping", HealthStatus.Unhealthy, "Connection refused", null);
        Add(server, "server-a", KnownResourceStates.Running, report);
        Add(server, "server-b", KnownResourceStates.Running, report);
        Add(client, "client-a", KnownResourceStates.Waiting);

        Assert.Equal(
            [
                "server-a is not healthy after 120 s: Running. ping is Unhealthy: Connection refused.",
                "server-b is not healthy after 120 s: Running. ping is Unhealthy: Connection refused.",
                "client is not healthy after 120 s: Waiting. It waits for server (ping is Unhealthy: Connection refused).",
            ],
            await WriteErrorsAsync());
    }

    [Fact]
    public void Pending_StateUnknown_IsSaidInWords()
    {
        var (redis, server) = (new ExecutableResource("redis", "redis", "."), new ExecutableResource("server", "server", "."));
        var client = new ExecutableResource("client", "client", ".");
        client.Annotations.Add(new WaitAnnotation(redis, WaitType.WaitUntilHealthy));
        client.Annotations.Add(new WaitAnnotation(server, WaitType.WaitUntilHealthy));
        Add(server, "server", "");

        Assert.Equal("redis (not started); server (not started)", _states.DescribeWait(client));
    }

    [Fact]
    public void Table_SeveralUrls_HasTheOneForClientsFirst_AndPagesLast()
    {
        var server = new ExecutableResource("server", "server", ".");
        _instances.Add(new(new(server, "server", new()
        {
            ResourceType = "Executable",
            Properties = [],
            State = KnownResourceStates.Running,
            Urls =
            [
                new("management", "http://127.0.0.1:2/rpcz", false) { DisplayProperties = new("rpcz", 0) },
                new("management", "http://127.0.0.1:2", false),
                new("grpc", "http://127.0.0.1:1", false),
            ],
        }), Progress.Ready, null));
        using var output = new StringWriter();

        new ReadinessReport(_instances, _states).WriteTable(output);

        Assert.EndsWith(
            "grpc http://127.0.0.1:1 management http://127.0.0.1:2 rpcz http://127.0.0.1:2/rpcz", Lines(output)[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Table_HasPlainColumns()
    {
        Add(new ExecutableResource("job", "job", "."), "job", KnownResourceStates.Finished, exitCode: 0);
        using var output = new StringWriter();

        new ReadinessReport(_instances, _states).WriteTable(output);

        Assert.Equal(["RESOURCE  STATE     HEALTH  HEALTHY AFTER  URLS", "job       Finished  -       -"], Lines(output));
    }

    private static string[] Lines(StringWriter writer) =>
        writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private async Task<string[]> WriteErrorsAsync()
    {
        using var error = new StringWriter();
        await new ReadinessReport(
            _instances, _states).WriteErrorsAsync(error, new ResourceLoggerService(), TimeSpan.FromSeconds(120));
        return Lines(error);
    }

    private void Add(IResource resource, string id, string state, HealthReportSnapshot? report = null, int? exitCode = null)
    {
        var snapshot =
            new CustomResourceSnapshot { ResourceType = "Executable", Properties = [], State = state, ExitCode = exitCode };
        ResourceEvent change = new(resource, id, report is null ? snapshot : snapshot.WithHealthReports([report]));
        _states.Add(change);
        _instances.Add(new(change, Readiness.ProgressOf(change), null));
    }
}
