using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

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
            await client.ConnectAsync("localhost", ((IPEndPoint)listener.LocalEndpoint).Port, cancellationToken);
            return new(check, DoctorVerdict.Ok, "localhost reaches 127.0.0.1");
        }
        catch (SocketException e)
        {
            return new(check, DoctorVerdict.Failed, e.Message,
                "Let /etc/hosts map localhost to 127.0.0.1, and the firewall allow loopback.");
        }
    }

    public static IEnumerable<DoctorFinding> Ports(DistributedApplicationModel model)
    {
        var taken = PortChecksExtensions.FindTaken(model).Select(t => new DoctorFinding(
            "ports",
            DoctorVerdict.Failed,
            $"{t.Port} of '{t.Resource.Name}' is taken by {t.Holder}",
            "Stop it, or choose another port. Is the AppHost running already?")).ToList();
        return taken.Count > 0 ? taken : [new("ports", DoctorVerdict.Ok, "every fixed port of the graph is free")];
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
            var megabytes = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MB");
            return free >= EnoughBytes
                ? new(check, DoctorVerdict.Ok, $"{path}, {megabytes} free")
                : new(check, DoctorVerdict.Failed, $"{path} has only {megabytes} free",
                    "Free space, or set TMPDIR to another folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(check, DoctorVerdict.Failed, e.Message, "Make it writable, or set TMPDIR to another folder.");
        }
    }
}
