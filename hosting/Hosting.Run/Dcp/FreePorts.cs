using System.Net;
using System.Net.Sockets;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>
/// Free TCP ports of this machine, for processes that listen without a proxy. They lie below the range that the system
/// gives to outgoing connections, so none of these takes one between our look and the process's bind.
/// </summary>
internal sealed class FreePorts
{
    /// <summary>The range, inclusive; Aspire's too.</summary>
    private const int First = 10000;
    private const int Last = 32767;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _given = [];

    /// <summary>A port that nobody listens on and that was not given before.</summary>
    public int Next()
    {
        for (var i = 0; i < 1000; i++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            lock (_gate)
            {
                if (IsFree(port) && _given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new Aspire.Hosting.DistributedApplicationException($"No free port found between {First} and {Last}.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
