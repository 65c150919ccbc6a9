using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Tests.Dcp;

public sealed class DcpClientTests(DcpFixture dcp)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnExecutableRunsAndItsLinesAreRead()
    {
        await dcp.Client.CreateAsync(Shell("hello-a", "echo one; echo two; exit 3"), Cancellation);

        var lines = new List<string>();
        await foreach (var line in dcp.Client.LogAsync<DcpExecutable>("hello-a", "stdout", follow: true, Cancellation))
        {
            lines.Add(line[(line.IndexOf(' ') + 1)..]);
        }

        Assert.Equal(["one", "two"], lines);
        var ended = await dcp.UntilAsync<DcpExecutable>("hello-a", x => x.Status?.State == "Finished");
        Assert.Equal(3, ended.Status!.ExitCode);
    }

    [Fact]
    public async Task AProxiedServiceHasAnAddressBeforeItsProducer()
    {
        await dcp.Client.CreateAsync(
            new DcpService { Metadata = new() { Name = "early" }, Spec = new("localhost", null, "TCP", null) }, Cancellation);

        var service = await dcp.UntilAsync<DcpService>("early", x => x.Status?.EffectivePort > 0);

        Assert.NotNull(service.Status!.EffectiveAddress);
    }

    [Fact]
    public async Task ARefusalCarriesTheServersMessage()
    {
        var nothing = new DcpExecutable { Metadata = new() { Name = "nothing" }, Spec = new() { ExecutablePath = "" } };

        var error = await Assert.ThrowsAsync<DcpException>(() => dcp.Client.CreateAsync(nothing, Cancellation));

        Assert.Contains("executablePath", error.Message);
    }

    [Fact]
    public async Task DeletingWhatIsNotThereIsNoError() => await dcp.Client.DeleteAsync<DcpExecutable>("nobody", Cancellation);

    private static DcpExecutable Shell(string name, string script) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { ExecutablePath = "/bin/sh", Args = ["-c", script] },
    };
}
