using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting;
using MonoRepo.Hosting.App;
using MonoRepo.Hosting.App.Verbs;
using MonoRepo.Tests.Engine;

namespace MonoRepo.Tests.Verbs;

public sealed class DoctorVerbTests
{
    [Fact]
    public async Task FindingsNameWhatIsThereAndWhatToDo()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var builder = new TestBuilder();
        builder.Configuration["DcpPublisher:DashboardPath"] = "/nowhere/dashboard";
        builder.AddExecutable("web", "/bin/true", "/tmp").WithHttpEndpoint(port: port);
        await using var app = builder.Build();
        var verb = new DoctorVerb();
        var output = new StringWriter();

        var code = await verb.ExecuteAsync(
            new VerbContext(app, verb.Command.Parse(["--output", "json"]), _ => Task.CompletedTask) { Output = output },
            TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Failed, code);
        var findings = JsonDocument.Parse(output.ToString()).RootElement.EnumerateArray().ToDictionary(
            finding => finding.GetProperty("check").GetString()!,
            finding => (Verdict: finding.GetProperty("verdict").GetString(), Detail: finding.GetProperty("detail").GetString()));
        Assert.Equal("ok", findings[".NET SDK"].Verdict);
        Assert.Equal("ok", findings["DCP"].Verdict);
        Assert.Equal("ok", findings["loopback"].Verdict);
        Assert.Equal(("failed", "not at /nowhere/dashboard"), findings["dashboard"]);
        Assert.StartsWith($"{port} of 'web' is taken by ", findings["ports"].Detail);
    }
}
