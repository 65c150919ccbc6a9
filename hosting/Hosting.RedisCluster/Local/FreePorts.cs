using System.Net;
using System.Net.Sockets;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>
/// Ports for members. A member's bus listens on its port + 10000, so that both must be free; both are taken from
/// below 32768, where Linux gives no port to outgoing connections, and no port can be another member's bus.
/// </summary>
internal static class FreePorts
{
    /// <summary>What redis-server adds to the port for the cluster bus.</summary>
    public const int BusOffset = 10_000;

    private const int First = 10_000;
    private const int Last = First + BusOffset;
    private static readonly HashSet<int> s_taken = [];
    private static readonly Lock s_gate = new();

    /// <summary>A port that nobody listens on and that this process has not handed out before.</summary>
    /// <exception cref="IOException">None is free.</exception>
    public static int Next()
    {
        lock (s_gate)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(First, Last);
                if (IsFree(port) && IsFree(port + BusOffset) && s_taken.Add(port))
                {
                    return port;
                }
            }
        }

        throw new IOException($"No free port was found between {First} and {Last}.");
    }

    /// <summary>Whether nobody listens on <paramref name="port"/> of loopback.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
