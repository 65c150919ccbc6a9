using MonoRepo.Hosting.Run.Dcp;

[assembly: AssemblyFixture(typeof(MonoRepo.Tests.Dcp.DcpFixture))]

namespace MonoRepo.Tests.Dcp;

/// <summary>One real DCP for all tests that only talk to its API.</summary>
public sealed class DcpFixture : IAsyncLifetime
{
    private DcpSession? _session;

    internal DcpClient Client => _session!.Client;

    public async ValueTask InitializeAsync() =>
        _session = await DcpSession.StartAsync(DcpBinary.Options, Environment.ProcessId, TimeProvider.System, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _session!.StopAsync(timeout.Token);
        _session.Dispose();
    }
}
