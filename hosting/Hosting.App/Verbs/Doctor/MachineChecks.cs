using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Loopback, the graph's fixed ports, the temporary folder.</summary>
internal static class MachineChecks
{
    private const long EnoughBytes = 256L << 20;

    /// <summary>A connection to ourselves; firewalls and odd hosts files get in its way.</summary>
    public static async Task<DoctorFinding> LoopbackAsync(CancellationToken cancellationToken)
    {
        const string check = "loopback";
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var client = new TcpClient();
            await client.ConnectAsync("localhost", ((IPEndPoint)listener.LocalEndpoint).Port, cancellationToken).ConfigureAwait(false);
            return new DoctorFinding(check, DoctorVerdict.Ok, "localhost reaches 127.0.0.1");
        }
        catch (SocketException e)
        {
            return new DoctorFinding(check, DoctorVerdict.Failed, e.Message, "Let /etc/hosts map localhost to 127.0.0.1, and the firewall allow loopback.");
        }
    }

    public static IEnumerable<DoctorFinding> Ports(DistributedApplicationModel model)
    {
        var taken = (from resource in model.Resources
                     from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
                     let holder = endpoint.Port is { } port ? PortHolder.Find(port) : null
                     where holder is not null
                     select new DoctorFinding(
                         "ports",
                         DoctorVerdict.Failed,
                         $"{endpoint.Port} of '{resource.Name}' is taken by {holder}",
                         "Stop it, or choose another port. Is the AppHost running already?")).ToList();
        return taken.Count > 0 ? taken : [new DoctorFinding("ports", DoctorVerdict.Ok, "every fixed port of the graph is free")];
    }

    public static DoctorFinding TemporaryFolder()
    {
        const string check = "temporary folder";
        var path = Path.GetTempPath();
        try
        {
            var file = Path.Combine(path, Path.GetRandomFileName());
            File.WriteAllText(file, "");
            File.Delete(file);
            var free = new DriveInfo(path).AvailableFreeSpace;
            return free >= EnoughBytes
                ? new DoctorFinding(check, DoctorVerdict.Ok, $"{path}, {Megabytes(free)} free")
                : new DoctorFinding(check, DoctorVerdict.Failed, $"{path} has only {Megabytes(free)} free", "Free space, or set TMPDIR to another folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DoctorFinding(check, DoctorVerdict.Failed, e.Message, "Make it writable, or set TMPDIR to another folder.");
        }
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MB");
}
