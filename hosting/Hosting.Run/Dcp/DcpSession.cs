using System.Net;
using System.Security.Cryptography.X509Certificates;
using Aspire.Hosting;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>One running DCP, which ends with the process that it monitors or with <see cref="StopAsync"/>, whichever is first.</summary>
internal sealed class DcpSession : IDisposable
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(20);
    private readonly DcpSessionFolder _folder;
    private readonly TimeProvider _clock;

    private DcpSession(DcpSessionFolder folder, DcpClient client, TimeProvider clock)
    {
        _folder = folder;
        _clock = clock;
        Client = client;
    }

    public DcpClient Client { get; }

    /// <summary>The session's folder; it is there as long as DCP is.</summary>
    public string Folder => _folder.Path;

    /// <summary>Starts dcp and waits until it says where it listens: a tenth of a second.</summary>
    /// <param name="monitorPid">The process whose end is the session's.</param>
    public static async Task<DcpSession> StartAsync(DcpOptions options, int monitorPid, TimeProvider clock, CancellationToken cancellationToken)
    {
        var folder = DcpSessionFolder.Create();
        try
        {
            var certificate = CreateCertificate(folder, clock);
            await new DcpProgram(options).StartServerAsync(folder, monitorPid, cancellationToken).ConfigureAwait(false);
            var address = await WaitForAddressAsync(folder, certificate, clock, cancellationToken).ConfigureAwait(false);
            return new DcpSession(folder, new DcpClient(address), clock);
        }
        catch
        {
            folder.Delete();
            throw;
        }
    }

    /// <summary>Stops every resource, then DCP, and returns when it is gone or <paramref name="cancellationToken"/> says so.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Client.StopServerAsync(cancellationToken).ConfigureAwait(false);
            while (Directory.Exists(_folder.Path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or DcpException { Status: HttpStatusCode.ServiceUnavailable })
        {
            // It is going down already, or was killed and can't tidy up.
            _folder.Delete();
        }
    }

    public void Dispose() => Client.Dispose();

    private static X509Certificate2 CreateCertificate(DcpSessionFolder folder, TimeProvider clock)
    {
        try
        {
            return DcpCertificate.Create(folder.CertificateFile, folder.KeyFile, clock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DcpSessionFolder.CannotWrite(folder.Path, e);
        }
    }

    private static async Task<DcpAddress> WaitForAddressAsync(
        DcpSessionFolder folder, X509Certificate2 certificate, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < _startTimeout)
        {
            if (ReadKubeconfig(folder) is { } text && DcpAddress.TryParse(text, certificate) is { } address)
            {
                return address;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), clock, cancellationToken).ConfigureAwait(false);
        }

        throw new DistributedApplicationException(
            $"DCP, the orchestrator, did not say within {_startTimeout.TotalSeconds} s where it listens (no {folder.Kubeconfig}). Is the disk full, or the machine overloaded?");
    }

    private static string? ReadKubeconfig(DcpSessionFolder folder)
    {
        try
        {
            return File.ReadAllText(folder.Kubeconfig);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
